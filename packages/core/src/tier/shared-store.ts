import type { Clock } from '../clock.js';
import type { ValueType } from '../entry/value-type.js';
import type { InvalidationLog } from '../log/invalidation-log.js';
import type { ProcessBook } from '../process/process-book.js';
import type { CacheEvents } from '../telemetry/events.js';
import type { Tier } from './tier.js';

/** What a {@link SharedStore} is opened with. */
export interface SharedStoreContext {
  /** Prefix of everything it stores: namespace and database. Letters, digits and `.:_-` only. */
  readonly namespace: string;
  readonly valueTypes: readonly ValueType[];
  readonly events: CacheEvents;
  readonly clock: Clock;
  /** The caches that may use the same connection. `undefined`: none. */
  readonly process?: ProcessBook | undefined;
}

/** A store that processes share. It holds entries, the invalidation log, or both. */
export interface SharedStore {
  readonly name: string;
  /** Connects, without waiting for the connection. */
  open(context: SharedStoreContext): OpenSharedStore;
}

/** A {@link SharedStore} in use: its parts are independent of each other. */
export interface OpenSharedStore {
  /** Holds entries. Absent: entries are held in memory only. */
  readonly tier?: Tier | undefined;
  /**
   * Tells each process of the changes of all. Absent: each process has a log of its own, and an entry that another
   * process stored is never valid.
   */
  readonly log?: InvalidationLog | undefined;
  /**
   * The connection, if several openings use the same one. Caches of one connection and namespace then follow one `log`, and
   * close the others unused. Absent: `log` is followed by one cache.
   */
  readonly connection?: object | undefined;
}
