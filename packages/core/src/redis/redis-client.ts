/** What every `ioredis` client has, of version 5 and 6, for a server, Sentinel or Cluster. */
interface AnyRedisClient {
  readonly isCluster: boolean;
  readonly status: string;
  // Named methods rather than `call`, which fails together with the client's option `enableAutoPipelining`.
  getBuffer(key: string): Promise<unknown>;
  mgetBuffer(keys: string[]): Promise<unknown>;
  set(key: string, value: Buffer, unit: 'PX', milliseconds: number): Promise<unknown>;
  unlink(keys: string[]): Promise<unknown>;
  eval(text: string, keyCount: number, ...rest: (string | number)[]): Promise<unknown>;
  evalsha(digest: string, keyCount: number, ...rest: (string | number)[]): Promise<unknown>;
  connect(): Promise<void>;
  disconnect(): void;
  on(event: string, listener: (...parts: unknown[]) => void): unknown;
}

/** What every connection of the cache sets, in place of what the copied client has. */
export interface RedisClientSettings {
  readonly lazyConnect?: boolean;
  readonly enableOfflineQueue?: boolean;
  readonly maxRetriesPerRequest?: number | null;
  readonly autoResubscribe?: boolean;
  readonly socketTimeout?: number;
  readonly connectTimeout?: number;
  readonly retryStrategy?: (times: number) => number | null;
  readonly sentinelRetryStrategy?: (times: number) => number | null;
  readonly reconnectOnError?: null;
}

/** The same for a Cluster, whose nodes get `redisOptions`. */
export interface RedisClusterSettings {
  readonly lazyConnect: boolean;
  readonly enableOfflineQueue: boolean;
  readonly slotsRefreshInterval: number;
  readonly clusterRetryStrategy: (times: number) => number | null;
  readonly redisOptions: RedisClientSettings;
}

/** `Redis` of `ioredis`, connected to a server or through Sentinel: the part of it that we use. */
export interface RedisServerClient extends AnyRedisClient {
  readonly options: {
    readonly keyPrefix?: string | Buffer | undefined;
    readonly db?: number | undefined;
    readonly host?: string | undefined;
    readonly port?: number | undefined;
  };
  /** Of the connection, from its event `connect` on. */
  readonly stream?: { unref(): unknown };
  duplicate(override: RedisClientSettings): RedisServerClient;
  subscribe(channel: string): Promise<unknown>;
  ssubscribe(channel: string): Promise<unknown>;
  ping(): Promise<unknown>;
}

/** `Cluster` of `ioredis`: the part of it that we use. */
export interface RedisClusterClient extends AnyRedisClient {
  readonly options: {
    readonly keyPrefix?: string | Buffer | undefined;
    readonly redisOptions?: object | undefined;
  };
  /** By slot: the `host:port` of its primary, then of its replicas. Empty until it is connected. */
  readonly slots: readonly (readonly string[] | undefined)[];
  nodes(): RedisServerClient[];
  /** @param nodes - None: those that the client began with. */
  duplicate(nodes: [], override: RedisClusterSettings): RedisClusterClient;
}

/** A client of `ioredis` 5 or 6 that the application made. It is copied, never used, changed or closed. */
export type RedisClient = RedisServerClient | RedisClusterClient;

export function isCluster(client: RedisClient): client is RedisClusterClient {
  return client.isCluster;
}
