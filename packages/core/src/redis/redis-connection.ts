/// <reference path="./cluster-key-slot.d.ts" />

import slotOf from 'cluster-key-slot';
import type { Clock } from '../clock.js';
import { CachetasticError, TierOpeningError, TierUnavailableError } from '../errors.js';
import { messageOf } from '../plain.js';
import { Breaker } from '../resilience/breaker.js';
import { withDeadline } from '../resilience/deadline.js';
import { holdProcess } from '../resilience/process-hold.js';
import type { CacheEvents } from '../telemetry/events.js';
import { isCluster, type RedisClient, type RedisClusterClient, type RedisServerClient } from './redis-client.js';
import { RedisLink, releaseSockets } from './redis-link.js';
import { RedisOpening } from './redis-opening.js';
import { type RedisSource, subscriberOf } from './redis-source.js';
import { UselessWatch } from './useless-watch.js';

/** What a {@link RedisConnection} is made of. */
export interface RedisConnectionOptions {
  readonly source: RedisSource;
  /** How long a command may take, in milliseconds. */
  readonly deadline: number;
  /** How long the first connection may take before its absence is reported, in milliseconds. */
  readonly openingDeadline: number;
  readonly clock: Clock;
  readonly events: CacheEvents;
}

/** A command or script on its way to Redis. */
export interface RedisCall {
  /** What events and errors call it. */
  readonly operation: string;
  /** The key of the entry that it is about; `undefined` for the log. In a Cluster keys fail apart, by their node. */
  readonly key?: string | undefined;
}

/**
 * How long after the start commands wait for the first reply at least, in milliseconds. Connecting and loading the first script take
 * several round trips: a result that is loaded before Redis has answered cannot be cached.
 */
const PATIENCE = 250;

/** How many breakers are kept at most: nodes of a Cluster come and go, with new addresses. */
const MOST_BREAKERS = 1_000;

/**
 * Sends commands to Redis. Each replies within the deadline or fails, immediately while Redis is known to be away.
 *
 * Redis counts as away when it is silent or cannot be reached. An error reply (`OOM`) fails the one command only: Redis answered
 * in time, and being unable to store says nothing about being able to read. A connection on which the log has failed for
 * a while is replaced by another, with any kind of error.
 */
export class RedisConnection {
  readonly #options: RedisConnectionOptions;
  readonly #link: RedisLink;
  readonly #opening: RedisOpening;
  readonly #watch: UselessWatch;
  readonly #logBreaker: Breaker;
  /** Of entries, by the node that has them; `''` where there is one server. */
  readonly #breakers = new Map<string, Breaker>();
  readonly #onReady: (() => void)[] = [];
  #lastError: unknown;
  #users = 0;
  #closed = false;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    const { source, clock, deadline, openingDeadline } = options;
    this.#logBreaker = this.#breaker();
    this.#opening = new RedisOpening({
      ...{ clock, patience: Math.max(deadline, Math.min(PATIENCE, openingDeadline)), deadline: openingDeadline },
      onMissed: () => this.#missed(),
    });
    this.#link = new RedisLink({
      ...{ source, clock },
      onReady: () => this.#ready(),
      onError: (error) => this.report('connect', error),
    });
    this.#watch = new UselessWatch({ clock, age: () => this.#link.age, giveUp: () => this.#link.replace() });
  }

  get cluster(): boolean {
    return this.#options.source.cluster;
  }

  /** Whether Redis has not answered for the first time yet, and still has time to. */
  get opening(): boolean {
    return this.#opening.isOpen;
  }

  /** Resolves when it is no longer {@link opening}. Keeps the process from ending until then. */
  async opened(): Promise<void> {
    const release = holdProcess(this.#options.clock);
    await this.#opening.ended;
    release();
  }

  /** Whether there is a connection. */
  get ready(): boolean {
    return this.#link.client !== undefined;
  }

  /**
   * Lets `send` use the client.
   *
   * @throws {@link TierUnavailableError} naming the operation.
   */
  async run<Reply>(call: RedisCall, send: (client: RedisClient) => Promise<Reply>): Promise<Reply> {
    const { operation, key } = call;
    const { clock, deadline } = this.#options;
    const release = holdProcess(clock);
    try {
      await this.#opening.wait(operation);
      const milliseconds = Math.max(deadline, this.#opening.patienceLeft);
      return await this.#breakerOf(key).run(() =>
        withDeadline(`Redis ${operation}`, { clock, milliseconds }, this.#send(send, key)),
      );
    } catch (error) {
      if (error instanceof TierOpeningError) throw error;
      if (key === undefined && this.ready) this.#watch.failed(error);
      const cause = withoutArguments(error);
      const message =
        error instanceof CachetasticError ? error.message : `Redis ${operation} failed: ${messageOf(cause)}`;
      // Not answered for the first time yet: that is reported when the opening's deadline has passed, not before.
      if (this.opening) throw new TierOpeningError(message, { cause });
      throw error instanceof CachetasticError ? error : new TierUnavailableError(message, { cause });
    } finally {
      release();
    }
  }

  /** Calls `listener` whenever a connection is ready: the first, and each that replaces one. */
  onReady(listener: () => void): void {
    this.#onReady.push(listener);
  }

  /** Reports a failure of something that no caller waits for. */
  report(operation: string, error: unknown): void {
    this.#lastError = withoutArguments(error);
    if (!this.#closed && !this.opening) this.#options.events.failed('redis', operation, this.#lastError);
  }

  /** Reports that it works. */
  works(operation: string): void {
    this.#options.events.answered('redis', operation);
  }

  /**
   * @returns A client for another connection to the same Redis, which subscribes to `channel`; of a Cluster to the node that
   * has the slot of it. It gives up for good when its connection is lost.
   * @throws {@link TierUnavailableError} if there is no connection, or no server of the Cluster is known.
   */
  subscriber(channel: string): { readonly client: RedisServerClient; readonly channel: string } {
    const current = this.#link.client;
    if (current === undefined) throw this.#disconnected();
    const full = channelOf(current, channel);
    const server = isCluster(current) ? nodeOf(current, full) : current;
    if (server === undefined) throw new TierUnavailableError('No node of the Redis Cluster is known yet.');
    const client = subscriberOf(server);
    releaseSockets(client);
    return { client, channel: full };
  }

  /** Counts a user. The connection is closed when the last one has let go. */
  retain(): void {
    this.#users += 1;
  }

  release(): void {
    this.#users -= 1;
    if (this.#users > 0 || this.#closed) return;
    this.#closed = true;
    this.#opening.end();
    this.#watch.answered();
    this.#link.close();
  }

  async #send<Reply>(send: (client: RedisClient) => Promise<Reply>, key: string | undefined): Promise<Reply> {
    const { client } = this.#link;
    // Not sent: it would wait in the client's queue, where the deadline cannot take it back.
    if (client === undefined) throw this.#disconnected();
    if (key !== undefined) return send(client);
    const reply = await send(client);
    // Also when it is too late for the caller: it shows that the connection is of use.
    if (client === this.#link.client) this.#watch.answered();
    this.#opening.end();
    return reply;
  }

  #disconnected(): TierUnavailableError {
    return new TierUnavailableError(this.#closed ? 'The connection to Redis is closed.' : 'Redis is not connected.', {
      cause: this.#lastError,
    });
  }

  #ready(): void {
    this.#logBreaker.reset();
    this.#breakers.clear();
    this.#watch.answered();
    this.#opening.connect();
    this.works('connect');
    for (const listener of this.#onReady) listener();
  }

  #missed(): void {
    if (this.ready) return;
    this.report(
      'connect',
      this.#lastError ?? new TierUnavailableError('The first connection to Redis takes too long.'),
    );
  }

  #breakerOf(key: string | undefined): Breaker {
    if (key === undefined) return this.#logBreaker;
    const client = this.#link.client;
    const node = client !== undefined && isCluster(client) ? (primaryOf(client, prefixed(client, key)) ?? '') : '';
    let breaker = this.#breakers.get(node);
    if (breaker === undefined) {
      if (this.#breakers.size >= MOST_BREAKERS) this.#breakers.clear();
      breaker = this.#breaker();
      this.#breakers.set(node, breaker);
    }
    return breaker;
  }

  #breaker(): Breaker {
    return new Breaker({ name: 'Redis', clock: this.#options.clock, counts: (error) => !isReply(error) });
  }
}

/** What the channel `name` is called by `client`: Redis shares channels between databases, and `ioredis` gives them no prefix. */
export function channelOf(client: RedisClient, name: string): string {
  const database = isCluster(client) ? 0 : (client.options.db ?? 0);
  return prefixed(client, `${name}:${database}`);
}

function prefixed(client: RedisClient, key: string): string {
  return `${client.options.keyPrefix ?? ''}${key}`;
}

function isReply(error: Error): boolean {
  return error.name === 'ReplyError';
}

/** `error` without the command that `ioredis` attaches: its arguments contain passwords and values. */
function withoutArguments(error: unknown): unknown {
  if (!(error instanceof Error) || !('command' in error)) return error;
  const bare = new Error(error.message);
  bare.name = error.name;
  return bare;
}

function primaryOf(client: RedisClusterClient, key: string): string | undefined {
  return client.slots[slotOf(key)]?.[0];
}

/** Any node while the Cluster moves its slots about. */
function nodeOf(client: RedisClusterClient, key: string): RedisServerClient | undefined {
  const nodes = client.nodes();
  const primary = primaryOf(client, key);
  const owner = nodes.find(({ options: { host, port } }) => `${host}:${port}` === primary);
  return owner ?? nodes[Math.floor(Math.random() * nodes.length)];
}
