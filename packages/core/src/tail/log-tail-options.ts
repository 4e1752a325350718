import type { Clock } from '../clock.js';
import type { InvalidationLog } from '../log/invalidation-log.js';
import type { IntentTerms } from '../log/log-record.js';
import type { CacheEvents } from '../telemetry/events.js';

/** What a `LogTail` is made of. */
export interface LogTailOptions {
  readonly log: InvalidationLog;
  readonly clock: Clock;
  readonly events: CacheEvents;
  /** How old a confirmation may be, in milliseconds, for entries to be judged by what is here. */
  readonly maxStaleness: number;
  /** How many records are kept to judge old entries, unless they weigh too much. @defaultValue as many as the log keeps, and at least `10_000` */
  readonly retention?: number;
  /** How many changes wait at most while the log is away. @defaultValue `10_000` */
  readonly maxPending?: number;
  /** Lease and fence of announced writes. Absent: none are announced. */
  readonly terms?: IntentTerms | undefined;
}
