import type { Change, SharedStore } from '@cachetastic/core';
import { decodeEntry, encodeEntry } from '../../packages/core/src/entry/frame.js';
import type { InvalidationLog, LogListener, SyncReply } from '../../packages/core/src/log/invalidation-log.js';
import type { LogPosition, LogRecord } from '../../packages/core/src/log/log-record.js';
import { decodeChanges, encodeRecord } from '../../packages/core/src/log/record-codec.js';
import type { OpenSharedStore } from '../../packages/core/src/tier/shared-store.js';
import type { Tier } from '../../packages/core/src/tier/tier.js';
import type { Checker } from './checker.js';
import type { RedisLink } from './network.js';
import type { SimulatedProcess } from './process.js';
import type { RedisServer } from './redis-server.js';
import type { ServerClock } from './server-clock.js';

/** Made once, as in network.ts. */
const CLOSED = new Error('the log is closed');

/** How many questions to the log it may take until a process that came from another server has reported its writes there. */
const TELLING = 4;

/** Which server a process talks to, and since when. */
export interface Place {
  readonly server: RedisServer;
  readonly since: number;
}

/** What {@link RemoteRedis} is made of. */
export interface RemoteRedisParts {
  readonly process: SimulatedProcess;
  readonly link: RedisLink;
  /** The first one. */
  readonly server: RedisServer;
  readonly checker: Checker;
  /** The server's, if the simulation sets it. */
  readonly clock: ServerClock | undefined;
  /** Whether the tier keeps anything. */
  readonly keeps: boolean;
  /** Whether it keeps bytes, as Redis does, which takes longer. */
  readonly encodes: boolean;
  /** Called when the log has accepted an announcement that no process knows yet. */
  readonly onAnnounced: () => void;
}

/** Redis as one process sees it: the tier and the log behind its link. */
export class RemoteRedis implements SharedStore {
  readonly name = 'redis';
  readonly link: RedisLink;
  readonly #parts: RemoteRedisParts;
  readonly #listeners = new Set<LogListener>();
  #place: Place;
  /** Where messages come from. */
  #heard: RedisServer;
  /** How many questions to the log were answered where the commands go. */
  #synced = 0;

  constructor(parts: RemoteRedisParts) {
    this.#parts = parts;
    this.link = parts.link;
    this.#heard = parts.server;
    this.#place = { server: parts.server, since: 0 };
  }

  get owner(): string {
    return this.#parts.process.name;
  }

  get place(): Place {
    return this.#place;
  }

  /** Commands go to `server` from now on. */
  moveTo(server: RedisServer, now: number): void {
    this.#place = { server, since: now };
    this.#synced = 0;
  }

  /** Messages come from where commands go. */
  hearAgain(): void {
    this.#heard = this.#place.server;
  }

  hears(server: RedisServer): boolean {
    return this.#heard.publishesFor(server);
  }

  open(): OpenSharedStore {
    return { tier: this.#tier(), log: this.#log(), connection: this };
  }

  tell(epoch: string, record: LogRecord): void {
    this.link.push(() => {
      for (const listener of this.#listeners) listener.onRecord(epoch, record);
    });
  }

  /** The connection was lost and stands again. */
  reconnected(): void {
    this.#parts.process.deliver(() => {
      for (const listener of this.#listeners) listener.onGap();
    });
  }

  #log(): InvalidationLog {
    const { checker, process, clock, onAnnounced } = this.#parts;
    const reader = clock?.reader();
    let own: LogListener | undefined;
    let closed = false;
    const call = <Reply>(execute: () => Reply): Promise<Reply> =>
      closed ? Promise.reject(CLOSED) : this.link.call(execute);
    return {
      name: 'redis',
      shared: true,
      length: this.#place.server.logLength,
      append: (changes, closes = []) => {
        const { server } = this.#place;
        return call(() => {
          const position = server.append(written(changes), closes);
          checker.logged(changes, process, server);
          return position;
        });
      },
      announce: (changes, terms) => {
        const { server } = this.#place;
        return call(() => {
          const position = server.announce(written(changes), terms);
          checker.announced(changes, position, server);
          onAnnounced();
          return position;
        });
      },
      sync: (known) => {
        const { place } = this;
        if (reader === undefined) return call(() => this.#sync(place, known));
        const asking = call(() => {
          const asked = reader.asked();
          return { reply: this.#sync(place, known), asked };
        });
        return asking.then(({ reply, asked }) => {
          reader.answered(reply.epoch, asked);
          return reply;
        });
      },
      subscribe: (listener) => {
        own = listener;
        this.#listeners.add(listener);
      },
      close: async () => {
        closed = true;
        if (own !== undefined) this.#listeners.delete(own);
      },
    };
  }

  #sync(place: Place, known: LogPosition | undefined): SyncReply {
    const { checker, process } = this.#parts;
    const reply = place.server.sync(known);
    if (place === this.#place && ++this.#synced === TELLING) checker.returned(process, place);
    return reply;
  }

  #tier(): Tier {
    const { keeps, encodes } = this.#parts;
    return {
      name: 'redis',
      get: async (key) => {
        const { server } = this.#place;
        const kept = await this.link.call(() => server.get(key));
        return Buffer.isBuffer(kept) ? decodeEntry(kept, [], key) : kept;
      },
      set: (key, entry) => {
        const { server } = this.#place;
        const kept = encodes ? encodeEntry(entry, [], key) : entry;
        return this.link.call(() => {
          if (keeps) server.set(key, kept);
        });
      },
      delete: async () => {},
      close: async () => {},
    };
  }
}

/** `changes` as the log's record says them. */
function written(changes: readonly Change[]): readonly Change[] {
  return decodeChanges(encodeRecord(changes).text);
}
