import { InvalidOptionError, UnsafeSetupError } from '../errors.js';
import {
  isCluster,
  type RedisClient,
  type RedisClientSettings,
  type RedisClusterSettings,
  type RedisServerClient,
} from './redis-client.js';

/** How long a connection may take until it is ready, and a server be silent after a command, in milliseconds. */
export const SILENCE = 2_000;

/**
 * The settings of every connection. A client is used for one connection and never connects again by itself: the next
 * connection gets a new client, so that it asks for the address, the Sentinels and the password again.
 */
const SETTINGS: RedisClientSettings = {
  lazyConnect: true,
  // A command that cannot be sent now is of no use later.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResubscribe: false,
  socketTimeout: SILENCE,
  connectTimeout: SILENCE,
  retryStrategy: () => null,
  sentinelRetryStrategy: () => null,
  reconnectOnError: null,
};

/** What a connection that subscribes has: nothing is sent on it for a long time, so that silence means nothing. */
const SUBSCRIBER_SETTINGS: RedisClientSettings = { ...SETTINGS, enableOfflineQueue: true, maxRetriesPerRequest: null };

/** Where connections to Redis come from. */
export interface RedisSource {
  readonly cluster: boolean;
  /** Makes a client for one connection; it is not connected yet. @throws if there is no client library. */
  make(): Promise<RedisClient>;
}

/** Connections like that of a client which the application made: same servers, same credentials, our settings. */
export function sourceOfClient(client: RedisClient): RedisSource {
  return { cluster: client.isCluster, make: async () => duplicateOf(client) };
}

/**
 * Connections to `url`, by `ioredis`. The package is loaded when the first connection is made: an application that
 * brings its own client, or uses no Redis, need not have it.
 *
 * @throws {@link InvalidOptionError} naming `option`; it does not repeat the URL, which may contain a password.
 * @throws {@link UnsafeSetupError} if `ioredis` is certainly not installed.
 */
export function sourceOfUrl(option: string, url: unknown): RedisSource {
  if (!isAddress(url)) {
    const shown = typeof url === 'string' ? '(hidden)' : url;
    throw new InvalidOptionError(option, shown, '`redis://…`, `rediss://…` or the path of a Unix socket');
  }
  assertInstalled();
  return {
    cluster: false,
    async make() {
      const Redis = await importRedis();
      return new Redis(url, SETTINGS);
    },
  };
}

/** A client like `server` for a connection that subscribes. */
export function subscriberOf(server: RedisServerClient): RedisServerClient {
  return server.duplicate(SUBSCRIBER_SETTINGS);
}

function duplicateOf(client: RedisClient): RedisClient {
  if (!isCluster(client)) return client.duplicate(SETTINGS);
  const settings: RedisClusterSettings = {
    lazyConnect: true,
    enableOfflineQueue: false,
    // Its timer would keep the process from ending. A command that reaches the wrong node refreshes the slots as well.
    slotsRefreshInterval: 0,
    clusterRetryStrategy: () => null,
    redisOptions: { ...client.options.redisOptions, ...SETTINGS },
  };
  return client.duplicate([], settings);
}

function isAddress(url: unknown): url is string {
  if (typeof url !== 'string') return false;
  return url.startsWith('/') || (/^rediss?:\/\//.test(url) && URL.canParse(url));
}

/**
 * Reports a missing package at construction where that is cheap and certain: in a module that no bundler has moved.
 * In a bundle, `ioredis` may be part of the bundle, and only the first connection shows it.
 */
function assertInstalled(): void {
  const { url, resolve } = import.meta;
  if (typeof resolve !== 'function' || typeof url !== 'string' || !/\/core\/dist\/redis\/redis-source\.js$/.test(url)) {
    return;
  }
  try {
    resolve('ioredis');
  } catch (cause) {
    throw missing(cause);
  }
}

async function importRedis(): Promise<new (url: string, settings: RedisClientSettings) => RedisServerClient> {
  try {
    // Literal, so that bundlers and tracers of dependencies see it; in `try`, so that they do not insist on it.
    const { Redis, default: exported } = await import('ioredis');
    // webpack gives a module in CommonJS no named exports when a module of the kind of this one imports it.
    return Redis ?? exported;
  } catch (cause) {
    if (isNotFound(cause)) throw missing(cause);
    throw new UnsafeSetupError('The package `ioredis` was found and could not be loaded.', { cause });
  }
}

function isNotFound(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}

function missing(cause: unknown): UnsafeSetupError {
  return new UnsafeSetupError(
    'A URL of Redis needs the package `ioredis`, which was not found: npm install ioredis. In a bundle that does not contain it, give a client: `redis: new Redis(url)`.',
    { cause },
  );
}
