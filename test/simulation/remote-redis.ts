import type { Change, SharedTier } from '@cachetastic/core';
import type { InvalidationLog, LogListener } from '../../packages/core/src/invalidation/invalidation-log.js';
import type { LogRecord } from '../../packages/core/src/invalidation/log-record.js';
import type { Tier } from '../../packages/core/src/tier/tier.js';
import type { Checker } from './checker.js';
import type { RedisLink } from './network.js';
import type { SimulatedProcess } from './process.js';
import type { RedisServer } from './redis-server.js';

/** Beyond this many changes a record says only that anything of the model may have changed, as in record-codec.ts. */
const MOST_CHANGES = 100;

/** Redis as one process sees it: the tier and the log behind its link. */
export class RemoteRedis implements SharedTier {
  readonly name = 'l2';
  readonly link: RedisLink;
  readonly #process: SimulatedProcess;
  readonly #server: RedisServer;
  readonly #checker: Checker;
  readonly #keeps: boolean;
  #listener: LogListener | undefined;

  /** @param keeps - Whether the tier keeps anything. */
  constructor(process: SimulatedProcess, link: RedisLink, server: RedisServer, checker: Checker, keeps: boolean) {
    this.#process = process;
    this.link = link;
    this.#server = server;
    this.#checker = checker;
    this.#keeps = keeps;
  }

  open(): { readonly tier: Tier; readonly log: InvalidationLog } {
    return { tier: this.#tier(), log: this.#log() };
  }

  tell(epoch: string, record: LogRecord): void {
    this.link.push(() => this.#listener?.onRecord(epoch, record));
  }

  /** The connection was lost and stands again. */
  reconnected(): void {
    this.#process.deliver(() => this.#listener?.onInterrupted());
  }

  #log(): InvalidationLog {
    const server = this.#server;
    const checker = this.#checker;
    return {
      name: 'redis',
      shared: true,
      append: (changes, closes = []) =>
        this.link.call(() => {
          const position = server.append(narrowed(changes), closes);
          checker.logged(changes, this.#process);
          return position;
        }),
      announce: (changes, terms) =>
        this.link.call(() => {
          const position = server.announce(narrowed(changes), terms);
          checker.announced(changes);
          return position;
        }),
      sync: (known) => this.link.call(() => server.sync(known)),
      subscribe: (listener) => {
        this.#listener = listener;
      },
      close: async () => {},
    };
  }

  #tier(): Tier {
    const server = this.#server;
    return {
      name: 'l2',
      get: (key) => this.link.call(() => server.get(key)),
      set: (key, entry) =>
        this.link.call(() => {
          if (this.#keeps) server.set(key, entry);
        }),
      delete: async () => {},
      close: async () => {},
    };
  }
}

function narrowed(changes: readonly Change[]): readonly Change[] {
  return changes.length > MOST_CHANGES ? [{ kind: 'model', model: 'Row', op: 'any' }] : changes;
}
