import type { Clock } from '../clock.js';
import type { ValueType } from '../entry/value-type.js';
import type { InvalidationLog } from '../log/invalidation-log.js';
import type { ProcessBook } from '../process/process-book.js';
import type { CacheEvents } from '../telemetry/events.js';
import type { Tier } from './tier.js';

/** What a shared tier is opened with. */
export interface SharedTierContext {
  /** Prefix of everything it stores: namespace and database. Letters, digits and `.:_-` only. */
  readonly namespace: string;
  readonly valueTypes: readonly ValueType[];
  readonly events: CacheEvents;
  readonly clock: Clock;
  /** The caches that may use the same connection. `undefined`: none. */
  readonly process?: ProcessBook | undefined;
}

/** A store that processes share: the slow tier of the cache, and the log that keeps every node right. */
export interface SharedTier {
  readonly name: string;
  /** Connects, without waiting for the connection. */
  open(context: SharedTierContext): OpenSharedTier;
}

/** A {@link SharedTier} in use. */
export interface OpenSharedTier {
  readonly tier: Tier;
  readonly log: InvalidationLog;
  /**
   * The connection, if several openings use the same one. Caches of one connection and namespace then follow one `log`, and
   * close the others unused. Absent: `log` is followed by one cache.
   */
  readonly connection?: object | undefined;
}
