export { checkKeys } from './check-keys.js';
export type { CancelTimer, Clock } from './clock.js';
export { systemClock } from './clock.js';
export type { Duration } from './duration.js';
export { toMilliseconds } from './duration.js';
export type { Lifetime } from './entry/lifetime.js';
export type { ValueType } from './entry/value-type.js';
export * from './errors.js';
export type { KeyType } from './key/key-type.js';
export type { Change, EverythingChange, ModelChange, TagChange } from './match/change.js';
export { EVERYTHING } from './match/change.js';
export { comparableBoolean, comparableInteger, comparableText, comparableUuid } from './match/comparable.js';
export type { Dependency, Facts, Footprint } from './match/footprint.js';
export { mayAffect } from './match/may-affect.js';
export type { ObserveOptions } from './observe/observe-options.js';
export type { Neighbour, ProcessBook } from './process/process-book.js';
export type { CacheSettings, MemoryOptions } from './query-cache/cache-settings.js';
export type { QueryCache, QueryCacheOptions } from './query-cache/query-cache.js';
export { createQueryCache } from './query-cache/tiered-query-cache.js';
export type { Finding, Found, Missing } from './read/finding.js';
export type {
  Consistency,
  KeepProjection,
  Load,
  LoadContext,
  Origin,
  Projection,
  Query,
  ReadInfo,
  ReadObserver,
  Refusal,
} from './read/query.js';
export type { CacheEvent, CacheListener, Reason, ReportedRecord, Source, TierName } from './telemetry/events.js';
export { CacheEvents } from './telemetry/events.js';
export { mismatchBound } from './telemetry/mismatch-bound.js';
export type { CacheStats, TierHits } from './telemetry/stats.js';
export type { OpenSharedStore, SharedStore, SharedStoreContext } from './tier/shared-store.js';
export type { IntentOptions, ResolvedIntents } from './write/intent-options.js';
export { resolveIntents } from './write/intent-options.js';
export { TransactionChanges } from './write/transaction-changes.js';
export type { WriteOutcome } from './write/write-outcome.js';
