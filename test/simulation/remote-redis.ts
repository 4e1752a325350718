import type { Change, SharedTier } from '@cachetastic/core';
import { decodeEntry, encodeEntry } from '../../packages/core/src/entry/frame.js';
import type { InvalidationLog, LogListener } from '../../packages/core/src/invalidation/invalidation-log.js';
import type { LogRecord } from '../../packages/core/src/invalidation/log-record.js';
import { decodeChanges, encodeRecord } from '../../packages/core/src/invalidation/record-codec.js';
import type { OpenSharedTier } from '../../packages/core/src/invalidation/shared-tier.js';
import type { Tier } from '../../packages/core/src/tier/tier.js';
import type { Checker } from './checker.js';
import type { RedisLink } from './network.js';
import type { SimulatedProcess } from './process.js';
import type { RedisServer } from './redis-server.js';
import type { ServerClock } from './server-clock.js';

/** Made once, as in network.ts. */
const CLOSED = new Error('the log is closed');

/** What {@link RemoteRedis} is made of. */
export interface RemoteRedisParts {
  readonly process: SimulatedProcess;
  readonly link: RedisLink;
  readonly server: RedisServer;
  readonly checker: Checker;
  /** The server's, if somebody sets it. */
  readonly clock: ServerClock | undefined;
  /** Whether the tier keeps anything. */
  readonly keeps: boolean;
  /** Whether it keeps bytes, as Redis does, which takes longer. */
  readonly encodes: boolean;
  /** Called when the log has taken an announcement of which nobody has heard yet. */
  readonly onAnnounced: () => void;
}

/** Redis as one process sees it: the tier and the log behind its link. */
export class RemoteRedis implements SharedTier {
  readonly name = 'l2';
  readonly link: RedisLink;
  readonly #parts: RemoteRedisParts;
  readonly #listeners = new Set<LogListener>();

  constructor(parts: RemoteRedisParts) {
    this.#parts = parts;
    this.link = parts.link;
  }

  open(): OpenSharedTier {
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
      for (const listener of this.#listeners) listener.onInterrupted();
    });
  }

  #log(): InvalidationLog {
    const { server, checker, process, clock, onAnnounced } = this.#parts;
    const reader = clock?.reader();
    let own: LogListener | undefined;
    let closed = false;
    const call = <Reply>(execute: () => Reply): Promise<Reply> =>
      closed ? Promise.reject(CLOSED) : this.link.call(execute);
    return {
      name: 'redis',
      shared: true,
      length: server.logLength,
      append: (changes, closes = []) =>
        call(() => {
          const position = server.append(written(changes), closes);
          checker.logged(changes, process);
          return position;
        }),
      announce: (changes, terms) =>
        call(() => {
          const position = server.announce(written(changes), terms);
          checker.announced(changes, position);
          onAnnounced();
          return position;
        }),
      sync: (known) => {
        if (reader === undefined) return call(() => server.sync(known));
        const asking = call(() => {
          const asked = reader.asked();
          return { reply: server.sync(known), asked };
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

  #tier(): Tier {
    const { server, keeps, encodes } = this.#parts;
    return {
      name: 'l2',
      get: async (key) => {
        const kept = await this.link.call(() => server.get(key));
        return Buffer.isBuffer(kept) ? decodeEntry(kept, [], key) : kept;
      },
      set: (key, entry) => {
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
