import type { Change, SharedTier } from '@cachetastic/core';
import type { InvalidationLog, LogListener } from '../../packages/core/src/invalidation/invalidation-log.js';
import type { LogRecord } from '../../packages/core/src/invalidation/log-record.js';
import type { OpenSharedTier } from '../../packages/core/src/invalidation/shared-tier.js';
import type { Tier } from '../../packages/core/src/tier/tier.js';
import type { Checker } from './checker.js';
import type { RedisLink } from './network.js';
import type { SimulatedProcess } from './process.js';
import type { RedisServer } from './redis-server.js';

/** Beyond this many changes a record says only that anything of the model may have changed, as in record-codec.ts. */
const MOST_CHANGES = 100;

/** What {@link RemoteRedis} is made of. */
export interface RemoteRedisParts {
  readonly process: SimulatedProcess;
  readonly link: RedisLink;
  readonly server: RedisServer;
  readonly checker: Checker;
  /** Whether the tier keeps anything. */
  readonly keeps: boolean;
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
    const { server, checker, process, onAnnounced } = this.#parts;
    let own: LogListener | undefined;
    return {
      name: 'redis',
      shared: true,
      length: server.logLength,
      append: (changes, closes = []) =>
        this.link.call(() => {
          const position = server.append(narrowed(changes), closes);
          checker.logged(changes, process);
          return position;
        }),
      announce: (changes, terms) =>
        this.link.call(() => {
          const position = server.announce(narrowed(changes), terms);
          checker.announced(changes);
          onAnnounced();
          return position;
        }),
      sync: (known) => this.link.call(() => server.sync(known)),
      subscribe: (listener) => {
        own = listener;
        this.#listeners.add(listener);
      },
      close: async () => {
        if (own !== undefined) this.#listeners.delete(own);
      },
    };
  }

  #tier(): Tier {
    const { server, keeps } = this.#parts;
    return {
      name: 'l2',
      get: (key) => this.link.call(() => server.get(key)),
      set: (key, entry) =>
        this.link.call(() => {
          if (keeps) server.set(key, entry);
        }),
      delete: async () => {},
      close: async () => {},
    };
  }
}

function narrowed(changes: readonly Change[]): readonly Change[] {
  return changes.length > MOST_CHANGES ? [{ kind: 'model', model: 'Row', op: 'any' }] : changes;
}
