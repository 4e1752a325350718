export { choiceRow, durationRow, type OptionRow, type OptionTable, resolveTable } from '../option-table.js';
export { causesOf, messageOf } from '../plain.js';
export { clockOf, currentProcess, nameByClient } from '../process/process-book.js';
export { CACHE_SETTINGS, type ResolvedCacheSettings } from '../query-cache/cache-settings.js';
export { openQueryCache } from '../query-cache/tiered-query-cache.js';
export { AdapterCache, type AdapterCacheParts } from './adapter-cache.js';
export type { AdapterOptions, ModelDefaults } from './adapter-options.js';
export { analysedOrEverything, analysedOrRefused } from './analysed.js';
export {
  checkConsistency,
  parseReadArgument,
  parseReadOptions,
  parseWriteArgument,
  type ReadPolicy,
} from './cache-argument.js';
export type { ReadCacheArgument, ReadCacheOptions, WriteCacheOptions } from './cache-argument-types.js';
export type { CacheControl, Explanation } from './cache-control.js';
export { type CachedPolicy, nestPolicy, parseCachedPolicy, policyOfRead } from './cached-policy.js';
export { DatabaseCatalogue, type DatabaseCatalogueParts } from './database-catalogue.js';
export { type DatabaseIdentity, type IdentityParts, identifyDatabase } from './database-identity.js';
export { Explaining } from './explaining.js';
export { reportUnfenced } from './fence.js';
export { keyOfValues } from './key-values.js';
export { LazyCache, type LazyCacheDeps } from './lazy-cache.js';
export { parseNames, parseScope } from './names-and-scope.js';
export {
  ADAPTER_OPTIONS,
  type AdapterValues,
  adapterOptions,
  policiesByModel,
  type ResolvedAdapterOptions,
} from './resolve-options.js';
export { type DescribedWrite, type RenewedCatalogue, runAlone, runAndReport } from './run-write.js';
export { SchemaObserver, type SchemaObserverParts } from './schema-observer.js';
export { SessionState } from './session-state.js';
export { reportingTwoServers } from './two-servers.js';
