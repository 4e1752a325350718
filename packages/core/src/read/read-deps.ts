import type { Clock } from '../clock.js';
import type { ValueType } from '../entry/value-type.js';
import type { LogTail } from '../tail/log-tail.js';
import type { CacheEvents, TierName } from '../telemetry/events.js';
import type { StatsCounter } from '../telemetry/stats-counter.js';
import type { MemoryTier } from '../tier/memory-tier.js';
import type { Tier } from '../tier/tier.js';
import type { BackgroundTasks } from './background-tasks.js';
import type { KeyedQuery } from './keyed-query.js';
import type { Load } from './query.js';
import type { Resident } from './resident.js';

/** Called for every hit: `resident`, from the tier `source`, is the result of `request`. */
export type HitListener = (
  request: KeyedQuery<never>,
  load: Load<unknown>,
  resident: Pick<Resident, 'entry' | 'judgedAt'>,
  source: TierName,
) => void;

/** What reading works with. Each class declares the part of it that it uses. */
export interface ReadDeps {
  readonly tail: LogTail;
  /** `undefined`: no memory tier. */
  readonly memory: MemoryTier<Resident> | undefined;
  /** `undefined`: no shared tier. */
  readonly shared: Tier | undefined;
  readonly valueTypes: readonly ValueType[];
  readonly clock: Clock;
  readonly events: CacheEvents;
  readonly stats: StatsCounter;
  readonly background: BackgroundTasks;
  /** How long after the last confirmation of the log memory may still be served, in milliseconds; 0: not at all. */
  readonly maxStale: number;
  /** The maximum lag of a replica that loads may ask, in milliseconds; 0: loads ask no replica. */
  readonly replicaLag: number;
  /** `undefined`: nothing checks hits. */
  readonly onHit: HitListener | undefined;
}
