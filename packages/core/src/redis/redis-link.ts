import type { CancelTimer, Clock } from '../clock.js';
import { TierUnavailableError } from '../errors.js';
import { holdProcess } from '../resilience/process-hold.js';
import { isCluster, type RedisClient, type RedisServerClient } from './redis-client.js';
import { type RedisSource, SILENCE } from './redis-source.js';

/** The longest pause between two attempts to connect, in milliseconds. */
const LONGEST_PAUSE = 500;

/** What a {@link RedisLink} is made of. */
export interface RedisLinkOptions {
  readonly source: RedisSource;
  readonly clock: Clock;
  /** A connection is ready: the first, or the next after one was lost or given up. */
  readonly onReady: (client: RedisClient) => void;
  /** An attempt to connect failed, or something failed without a command under way. */
  readonly onError: (error: unknown) => void;
}

/**
 * Keeps one connection to Redis, and makes another whenever it is lost or given up.
 *
 * Its sockets and timers do not keep the process from ending once they are connected.
 */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  #current: RedisClient | undefined;
  #ready = false;
  #readyAt = Number.NEGATIVE_INFINITY;
  #attempts = 0;
  #cancel: CancelTimer = () => {};
  #closed = false;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
    void this.#connect();
  }

  /** The client of a connection that is ready. */
  get client(): RedisClient | undefined {
    return this.#ready && this.#current?.status === 'ready' ? this.#current : undefined;
  }

  /** For how long the connection has been ready, in milliseconds. */
  get age(): number {
    return this.#options.clock.now() - this.#readyAt;
  }

  /** Drops the connection, which may well be open, and connects again. */
  replace(): void {
    const { client } = this;
    if (client !== undefined) this.#leave(client);
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    const client = this.#current;
    this.#current = undefined;
    client?.disconnect();
  }

  async #connect(): Promise<void> {
    const { source, clock, onError } = this.#options;
    let client: RedisClient;
    try {
      client = await source.make();
    } catch (error) {
      onError(error);
      this.#retry();
      return;
    }
    if (this.#closed) return;
    // Until it is connected, so that a script whose only work is for Redis does not end before.
    const release = holdProcess(clock);
    this.#current = client;
    client.on('error', (error) => {
      if (this.#current === client) onError(error);
    });
    client.on('end', () => this.#leave(client));
    releaseSockets(client);
    this.#cancel = clock.schedule(() => {
      onError(new TierUnavailableError(`Redis was not ready within ${SILENCE} ms.`));
      this.#leave(client);
    }, SILENCE);
    try {
      await client.connect();
    } catch (error) {
      // Usually the event `error` has reported the cause; this only reports that the connection is closed.
      if (this.#current === client && !isClosing(error)) onError(error);
      this.#leave(client);
      return;
    } finally {
      release();
    }
    if (this.#current !== client) return;
    this.#cancel();
    this.#attempts = 0;
    this.#ready = true;
    this.#readyAt = clock.now();
    this.#options.onReady(client);
  }

  /** Whatever became of the connection of `client`: it is not used any more. */
  #leave(client: RedisClient): void {
    if (this.#current !== client) return;
    this.#current = undefined;
    this.#ready = false;
    this.#cancel();
    client.disconnect();
    this.#retry();
  }

  #retry(): void {
    if (this.#closed) return;
    this.#attempts += 1;
    const pause = Math.min(this.#attempts * 50, LONGEST_PAUSE);
    this.#cancel = this.#options.clock.schedule(() => void this.#connect(), pause);
  }
}

/** Lets the process end although the sockets of `client` are open, those that it opens later included. */
export function releaseSockets(client: RedisClient): void {
  if (isCluster(client)) {
    client.on('+node', (node) => releaseSocket(node as RedisServerClient));
  } else {
    releaseSocket(client);
  }
}

function releaseSocket(server: RedisServerClient): void {
  server.on('connect', () => server.stream?.unref());
}

function isClosing(error: unknown): boolean {
  return error instanceof Error && error.message === 'Connection is closed.';
}
