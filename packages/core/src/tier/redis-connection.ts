/// <reference path="./cluster-key-slot.d.ts" />
import slotOf from 'cluster-key-slot';
import type { Clock } from '../clock.js';
import { CachetasticError, TierUnavailableError } from '../errors.js';
import type { CacheEvents } from '../events.js';
import { Breaker } from '../resilience/breaker.js';
import { withDeadline } from '../resilience/deadline.js';
import { isCluster, type RedisClient, type RedisClusterClient, type RedisServerClient } from './redis-client.js';

/** What a {@link RedisConnection} is made of. */
export interface RedisConnectionOptions {
  readonly client: RedisClient;
  /** Whether the client is ours to close. */
  readonly owned: boolean;
  /** How long an answer is waited for, in milliseconds. */
  readonly deadline: number;
  readonly clock: Clock;
  readonly events: CacheEvents;
}

/**
 * The way to Redis: it answers within the deadline or fails, at once while Redis is known to be away.
 *
 * Redis counts as away when it is silent or cannot be reached. Error replies (`OOM`, `READONLY`) fail the one command
 * only: Redis answered in time, and being unable to store says nothing about being able to read.
 */
export class RedisConnection {
  readonly #options: RedisConnectionOptions;
  readonly #breaker: Breaker;
  /** Resolves when the first attempt to connect has succeeded or failed. */
  readonly attempted: Promise<void>;
  readonly #onRestored: (() => void)[] = [];
  readonly #unlisten: (() => void)[] = [];
  #lastError: unknown;
  #wasReady = false;
  #users = 0;
  #closed = false;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    const { client, clock } = options;
    this.#breaker = new Breaker({ name: 'Redis', clock, counts: (error) => !isReply(error) });
    this.#wasReady = client.status === 'ready';
    this.#listen('error', (error) => this.report('connect', error));
    this.#listen('ready', () => this.#ready());
    this.attempted =
      this.#wasReady || client.status === 'end'
        ? Promise.resolve()
        : new Promise((resolve) => {
            for (const event of ['ready', 'close', 'end']) this.#listen(event, () => resolve());
          });
    // A client made with `lazyConnect` waits to be asked.
    if (client.status === 'wait') client.connect().catch((error: unknown) => this.report('connect', error));
  }

  get cluster(): boolean {
    return isCluster(this.#options.client);
  }

  /** Distinguishes channels, which Redis shares between databases and `ioredis` does not prefix. */
  channel(name: string): string {
    const { client } = this.#options;
    const database = isCluster(client) ? 0 : (client.options.db ?? 0);
    return `${client.options.keyPrefix ?? ''}${name}:${database}`;
  }

  /**
   * Lets `send` use the client.
   *
   * @throws {@link TierUnavailableError} naming `operation`.
   */
  async run<Reply>(operation: string, send: (client: RedisClient) => Promise<Reply>): Promise<Reply> {
    const { client, clock, deadline } = this.#options;
    try {
      return await this.#breaker.run(() =>
        withDeadline(`Redis ${operation}`, { clock, milliseconds: deadline }, this.#whenReady(send, client)),
      );
    } catch (error) {
      if (error instanceof CachetasticError) throw error;
      const cause = withoutArguments(error);
      throw new TierUnavailableError(`Redis ${operation} failed: ${messageOf(cause)}`, { cause });
    }
  }

  /** Calls `listener` whenever the connection is back after it was lost. */
  onRestored(listener: () => void): void {
    this.#onRestored.push(listener);
  }

  /** Reports what failed behind everybody's back. */
  report(operation: string, error: unknown): void {
    this.#lastError = withoutArguments(error);
    if (!this.#closed)
      this.#options.events.emit({ type: 'tier-failed', tier: 'redis', operation, error: this.#lastError });
  }

  /**
   * @returns A new connection to the same Redis, of a Cluster to the node that has the slot of `key`. It gives up for
   * good once it is lost.
   * @throws {@link TierUnavailableError} if no server is known yet.
   */
  open(key: string): RedisServerClient {
    const { client } = this.#options;
    const server = isCluster(client) ? nodeOf(client, key) : client;
    if (server === undefined) throw new TierUnavailableError('No node of the Redis Cluster is known yet.');
    return server.duplicate({
      lazyConnect: false,
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
      autoResubscribe: false,
      retryStrategy: () => null,
    });
  }

  /** Counts a user. The client is closed, if it is ours, when the last one has let go. */
  retain(): void {
    this.#users += 1;
  }

  release(): void {
    this.#users -= 1;
    if (this.#users > 0 || this.#closed) return;
    this.#closed = true;
    const { client, owned } = this.#options;
    if (owned) {
      client.disconnect();
    } else {
      for (const unlisten of this.#unlisten) unlisten();
    }
  }

  async #whenReady<Reply>(send: (client: RedisClient) => Promise<Reply>, client: RedisClient): Promise<Reply> {
    if (this.#closed) throw new TierUnavailableError('The connection to Redis is closed.');
    if (client.status !== 'ready') {
      await this.attempted;
      // Not sent: it would wait in the client's queue, where the deadline cannot take it back.
      if (client.status !== 'ready')
        throw new TierUnavailableError('Redis is not connected.', { cause: this.#lastError });
    }
    return send(client);
  }

  #ready(): void {
    this.#breaker.reset();
    if (this.#wasReady) for (const listener of this.#onRestored) listener();
    this.#wasReady = true;
  }

  #listen(event: string, listener: (error: unknown) => void): void {
    const { client } = this.#options;
    client.on(event, listener);
    this.#unlisten.push(() => client.off(event, listener));
  }
}

function isReply(error: Error): boolean {
  return error.name === 'ReplyError';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `error` without the command that `ioredis` attaches: its arguments hold passwords and values. */
function withoutArguments(error: unknown): unknown {
  if (!(error instanceof Error) || !('command' in error)) return error;
  const bare = new Error(error.message);
  bare.name = error.name;
  return bare;
}

/** Any node while the Cluster moves its slots about. */
function nodeOf(client: RedisClusterClient, key: string): RedisServerClient | undefined {
  const nodes = client.nodes();
  const [primary] = client.slots[slotOf(key)] ?? [];
  const owner = nodes.find(({ options: { host, port } }) => `${host}:${port}` === primary);
  return owner ?? nodes[Math.floor(Math.random() * nodes.length)];
}
