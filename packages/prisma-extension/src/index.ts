export type { CacheEvent, CacheListener, CacheStats, ReadInfo } from '@cachetastic/core';
export {
  InvalidationLostError,
  InvalidOptionError,
  mismatchBound,
  UnidentifiedDatabaseError,
  UnsafeSetupError,
  WriteNotAnnouncedError,
} from '@cachetastic/core';
export type { Explanation } from '@cachetastic/core/adapter';
export type { CacheControl, Invalidation } from './client/cache-control.js';
export type { CachedMethod, CachetasticClient, ClientMethods, Extended } from './client/client-types.js';
export type {
  AggregateMethod,
  ArgsOf,
  CountMethod,
  CreateManyAndReturnMethod,
  CreateManyMethod,
  CreateMethod,
  DeleteManyMethod,
  DeleteMethod,
  ExactArgs,
  FindFirstMethod,
  FindFirstOrThrowMethod,
  FindManyMethod,
  FindUniqueMethod,
  FindUniqueOrThrowMethod,
  FluentRelations,
  GlobalOmitOf,
  GroupByMethod,
  ModelMethods,
  NoTypes,
  OneRelated,
  PayloadOf,
  PlainResult,
  PrismaPromiseOf,
  ReadCaching,
  ResultOf,
  RowResult,
  TypeAt,
  UpdateManyAndReturnMethod,
  UpdateManyMethod,
  UpdateMethod,
  UpsertMethod,
  WriteCaching,
} from './client/model-methods.js';
export { cachetastic } from './extension.js';
export type {
  CachedOptions,
  ReadCacheArgument,
  ReadCacheOptions,
  WriteCacheOptions,
} from './options/cache-argument.js';
export type { CachetasticOptions, ModelOptions } from './options/options.js';
