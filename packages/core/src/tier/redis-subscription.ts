import type { CancelTimer, Clock } from '../clock.js';
import type { RedisServerClient } from './redis-client.js';
import type { RedisConnection } from './redis-connection.js';

/** The longest pause between two attempts to subscribe, in milliseconds. */
const LONGEST_PAUSE = 500;

/** What a {@link RedisSubscription} tells. */
export interface RedisSubscriber {
  onMessage(message: string): void;
  /** The subscription stands, for the first time or again. */
  onSubscribed(): void;
}

/**
 * Hears a channel on a connection of its own, and makes a new one whenever that is lost.
 *
 * Reconnecting is not left to the client: of a Cluster, another node may have to be chosen.
 */
export class RedisSubscription {
  readonly #connection: RedisConnection;
  readonly #channel: string;
  readonly #clock: Clock;
  readonly #subscriber: RedisSubscriber;
  #client: RedisServerClient | undefined;
  #cancelRetry: CancelTimer | undefined;
  #attempts = 0;
  #closed = false;

  constructor(connection: RedisConnection, channel: string, clock: Clock, subscriber: RedisSubscriber) {
    this.#connection = connection;
    this.#channel = channel;
    this.#clock = clock;
    this.#subscriber = subscriber;
    this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#client?.disconnect();
  }

  #open(): void {
    let client: RedisServerClient;
    try {
      client = this.#connection.open();
    } catch (error) {
      this.#retry();
      this.#connection.report('subscribe', error);
      return;
    }
    this.#client = client;
    client.on('error', (error) => this.#connection.report('subscribe', error));
    client.on('message', (channel, message) => {
      if (channel === this.#channel) this.#subscriber.onMessage(String(message));
    });
    client.on('ready', () => void this.#subscribe(client));
    client.on('end', () => this.#retry());
  }

  async #subscribe(client: RedisServerClient): Promise<void> {
    try {
      await client.subscribe(this.#channel);
    } catch (error) {
      // Refused or cut: either way this connection is of no use.
      this.#connection.report('subscribe', error);
      client.disconnect();
      return;
    }
    this.#attempts = 0;
    if (!this.#closed) this.#subscriber.onSubscribed();
  }

  #retry(): void {
    if (this.#closed) return;
    this.#attempts += 1;
    this.#cancelRetry = this.#clock.schedule(() => this.#open(), Math.min(this.#attempts * 50, LONGEST_PAUSE));
  }
}
