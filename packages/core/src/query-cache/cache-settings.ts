import { type Duration, toMilliseconds } from '../duration.js';
import { parseNamespace } from '../key/namespace.js';
import { type ObserveOptions, type ResolvedObserve, resolveObserve } from '../observe/observe-options.js';
import { choiceRow, durationRow, type OptionTable } from '../option-table.js';
import { type ResolvedMemoryOptions, resolveMemoryOptions } from '../tier/memory-options.js';
import { type IntentOptions, type ResolvedIntents, resolveIntents } from '../write/intent-options.js';

/** Bounds of the memory tier. */
export interface MemoryOptions {
  /** How many entries at most. @defaultValue `10_000` */
  readonly maxEntries?: number | undefined;
  /** How much they may weigh together, estimated: bytes, or a string with a unit (`'64mb'`). @defaultValue `'64mb'` */
  readonly maxBytes?: number | `${number}${'kb' | 'mb' | 'gb'}` | undefined;
}

/** The settings of a cache that adapters take under the same names and pass on as they are. */
export interface CacheSettings {
  /**
   * Separates applications that share one Redis: letters, digits, `.`, `_`, `-`, at most 64.
   * @defaultValue in an adapter `CACHETASTIC_NAMESPACE`, else `'cachetastic'`
   */
  readonly namespace?: string | undefined;
  /** The memory tier; `false` for none. */
  readonly memory?: MemoryOptions | false | undefined;
  /** Cached results are served only if the log was confirmed at most this long ago. @defaultValue `1` (second) */
  readonly maxStaleness?: Duration | undefined;
  /**
   * What happens to reads while the log cannot be confirmed: `'bypass'`, the database answers; `'serve'`, memory answers for up to
   * `maxStale`, and the result is reported as stale. @defaultValue `'bypass'`
   */
  readonly onUnconfirmed?: 'bypass' | 'serve' | undefined;
  /** With `onUnconfirmed: 'serve'`: how long memory answers after the last confirmation. @defaultValue `60` (seconds) */
  readonly maxStale?: Duration | undefined;
  /**
   * Announces every write before it is sent to the database. Strong reads need it, and it bounds the damage of a process that
   * dies between its commit and its invalidation. One more round trip per write. Must be the same in every process.
   * @defaultValue `false`
   */
  readonly intents?: boolean | IntentOptions | undefined;
  /**
   * The share of hits, 0 to 1, that are compared with the database some time later, in the background. `stats()` counts the
   * results; the event `mismatch` reports a wrong one. @defaultValue `0`: none
   */
  readonly observe?: number | ObserveOptions | undefined;
  /**
   * The longest time that a read replica is ever behind the primary. If it is given, replicas may answer loads:
   * `LoadContext.origin` says which. @defaultValue none: the primary answers every load
   */
  readonly replicaLag?: Duration | undefined;
  /** How long closing waits at most for writes under way and for deliveries. @defaultValue `3` (seconds) */
  readonly closeTimeout?: Duration | undefined;
}

/** {@link CacheSettings}, complete. Durations are in milliseconds. */
export interface ResolvedCacheSettings extends Record<keyof CacheSettings, unknown> {
  readonly namespace: string;
  /** `undefined`: no memory tier. */
  readonly memory: ResolvedMemoryOptions | undefined;
  readonly maxStaleness: number;
  readonly onUnconfirmed: 'bypass' | 'serve';
  readonly maxStale: number;
  /** `undefined`: writes are not announced. */
  readonly intents: ResolvedIntents | undefined;
  /** `undefined`: no hit is compared. */
  readonly observe: ResolvedObserve | undefined;
  /** 0: the primary answers every load. */
  readonly replicaLag: number;
  readonly closeTimeout: number;
}

/** To add a setting: a property of {@link CacheSettings}, with its documentation, and its row here. */
export const CACHE_SETTINGS: OptionTable<ResolvedCacheSettings> = {
  namespace: {
    default: 'cachetastic',
    variable: 'CACHETASTIC_NAMESPACE',
    parse: parseNamespace,
  },
  memory: { parse: (_, input) => (input === false ? undefined : resolveMemoryOptions(input)) },
  maxStaleness: durationRow(1),
  onUnconfirmed: choiceRow('bypass', 'serve'),
  maxStale: durationRow(60),
  intents: { default: false, parse: (_, input) => resolveIntents(input) },
  observe: { default: 0, parse: (_, input) => resolveObserve(input) },
  replicaLag: { parse: (option, input) => (input === undefined ? 0 : toMilliseconds(option, input)) },
  closeTimeout: durationRow(3),
};
