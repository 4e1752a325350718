import type { CancelTimer, Clock } from '../clock.js';
import { TierUnavailableError } from '../errors.js';
import { heartbeat } from '../resilience/heartbeat.js';
import type { RedisServerClient } from './redis-client.js';
import type { RedisConnection } from './redis-connection.js';

/** The longest pause between two attempts to subscribe, in milliseconds. */
const LONGEST_PAUSE = 500;

/** How often the server is asked whether it is still there, in milliseconds. */
const PING_INTERVAL = 10_000;

/** The events of a {@link RedisSubscription}. */
export interface RedisSubscriber {
  onMessage(message: string): void;
  /** The subscription stands, for the first time or again. */
  onSubscribed(): void;
}

/**
 * Hears a channel on a connection of its own, and makes a new one whenever that is lost, or the connection for commands
 * was replaced: messages come from where commands go.
 *
 * Of a Cluster it hears the channel's shard, where the servers have that (Redis 7, Valkey): a message then goes to one
 * shard rather than to every node. Reconnecting is not left to the client: the channel may have moved to another node.
 */
export class RedisSubscription {
  readonly #connection: RedisConnection;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #subscriber: RedisSubscriber;
  #client: RedisServerClient | undefined;
  #cancelRetry: CancelTimer | undefined;
  #stopPinging: CancelTimer | undefined;
  #attempts = 0;
  #sharded: boolean;
  #closed = false;

  /** @param name - Of the channel, without what a client puts before and behind it. */
  constructor(connection: RedisConnection, name: string, clock: Clock, subscriber: RedisSubscriber) {
    this.#connection = connection;
    this.#name = name;
    this.#clock = clock;
    this.#subscriber = subscriber;
    this.#sharded = connection.cluster;
    // The first time, and whenever another took the place of one that was lost.
    connection.onReady(() => this.#reopen());
    if (connection.ready) this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#stopPinging?.();
    this.#client?.disconnect();
  }

  #reopen(): void {
    this.#cancelRetry?.();
    this.#attempts = 0;
    const previous = this.#client;
    this.#client = undefined;
    previous?.disconnect();
    this.#open();
  }

  #open(): void {
    // Without a connection for commands: it calls when it has one.
    if (this.#closed || !this.#connection.ready) return;
    let opened: { readonly client: RedisServerClient; readonly channel: string };
    try {
      opened = this.#connection.subscriber(this.#name);
    } catch (error) {
      this.#retry();
      this.#connection.report('subscribe', error);
      return;
    }
    const { client, channel } = opened;
    this.#client = client;
    client.on('error', (error) => this.#giveUp(client, error));
    // The channel's slot belongs to another node now.
    client.on('moved', () => client.disconnect());
    client.on(this.#sharded ? 'smessage' : 'message', (from, message) => {
      if (from === channel) this.#subscriber.onMessage(String(message));
    });
    client.on('ready', () => void this.#subscribe(client, channel));
    client.on('end', () => {
      if (this.#client === client) this.#retry();
    });
    client.connect().catch((error: unknown) => this.#giveUp(client, error));
  }

  async #subscribe(client: RedisServerClient, channel: string): Promise<void> {
    try {
      await (this.#sharded ? client.ssubscribe(channel) : client.subscribe(channel));
    } catch (error) {
      if (this.#sharded && isUnknownCommand(error)) {
        this.#sharded = false;
        client.disconnect();
      } else {
        this.#giveUp(client, error);
      }
      return;
    }
    if (this.#closed || this.#client !== client) return;
    this.#attempts = 0;
    this.#connection.works('subscribe');
    this.#ping(client);
    this.#subscriber.onSubscribed();
  }

  /** Nothing else is sent: without it, a connection that a firewall forgot would be silent for ever. */
  #ping(client: RedisServerClient): void {
    let answered = true;
    this.#stopPinging?.();
    this.#stopPinging = heartbeat(this.#clock, PING_INTERVAL, () => {
      if (!answered) {
        this.#giveUp(client, new TierUnavailableError('Redis did not answer on the connection that hears of changes.'));
        return;
      }
      answered = false;
      client.ping().then(
        () => {
          answered = true;
        },
        (error: unknown) => this.#giveUp(client, error),
      );
    });
  }

  /** Whatever it was, the connection may be open and no longer subscribed. */
  #giveUp(client: RedisServerClient, error: unknown): void {
    if (this.#client === client) this.#connection.report('subscribe', error);
    client.disconnect();
  }

  #retry(): void {
    this.#stopPinging?.();
    if (this.#closed) return;
    this.#attempts += 1;
    this.#cancelRetry = this.#clock.schedule(() => this.#open(), Math.min(this.#attempts * 50, LONGEST_PAUSE));
  }
}

function isUnknownCommand(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('ERR unknown command');
}
