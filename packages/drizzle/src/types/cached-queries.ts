import type { ReadCacheArgument } from '@cachetastic/core/adapter';
import type { BuildQueryResult, TableRelationalConfig, TablesRelationalConfig } from 'drizzle-orm/relations';
import type { CachedOptions } from '../options/options.js';

/** How one query uses the cache: `true` for the defaults, a TTL, options, or `false` for never. */
export type QueryCacheArgument = ReadCacheArgument | CachedOptions;

/** The argument that relational queries take in addition. Drizzle itself does not know it. */
export interface CacheConfig {
  readonly cache?: QueryCacheArgument | undefined;
}

/**
 * Adds `cache` to the arguments of `findMany` and `findFirst` of every table in `db.query`. Their results have the same types as without
 * it.
 *
 * The types of both generations and all dialects are recognised by their structure, without a name that only one of them has.
 */
export type CachedQueries<Database> = Database extends { readonly query: infer Queries }
  ? string extends keyof TablesOf<Database>
    ? unknown
    : { readonly query: { readonly [Name in keyof Queries]: CachedFinds<Database, Name, Queries[Name]> } }
  : unknown;

/** The tables that the type of a database has, with their relations. */
type TablesOf<Database> = Database extends {
  readonly _: { readonly relations: infer Tables extends TablesRelationalConfig };
}
  ? Tables
  : Database extends { readonly _: { readonly schema: (infer Tables extends TablesRelationalConfig) | undefined } }
    ? Tables
    : Record<string, never>;

type CachedFinds<Database, Name, Finder> = Name extends keyof TablesOf<Database>
  ? TablesOf<Database>[Name] extends infer Table extends TableRelationalConfig
    ? Finder extends { findMany: infer FindMany; findFirst: infer FindFirst }
      ? {
          findMany<Config extends ConfigOf<FindMany> & CacheConfig>(
            config?: Exactly<Config, ConfigOf<FindMany> & CacheConfig>,
          ): Resolving<QueryOf<FindMany>, BuildQueryResult<TablesOf<Database>, Table, Config>[]>;
          findFirst<Config extends ConfigOf<FindFirst> & CacheConfig>(
            config?: Exactly<Config, ConfigOf<FindFirst> & CacheConfig>,
          ): Resolving<QueryOf<FindFirst>, BuildQueryResult<TablesOf<Database>, Table, Config> | undefined>;
        }
      : unknown
    : unknown
  : unknown;

type ConfigOf<Find> = Find extends (config?: infer Config) => unknown ? NonNullable<Config> : never;

type QueryOf<Find> = Find extends (...args: never) => infer Query ? Query : never;

/** `Config`, with `never` for every property that `Allowed` lacks. */
type Exactly<Config, Allowed> = { [Key in keyof Config]: Key extends keyof Allowed ? Config[Key] : never };

/** `Query`, with another result. */
type Resolving<Query, Result> = Omit<Query, keyof Promise<unknown> | '_' | 'execute' | 'prepare'> &
  Promise<Result> & {
    readonly _: Query extends { readonly _: infer Marks } ? Omit<Marks, 'result'> & { readonly result: Result } : never;
    execute(placeholderValues?: Record<string, unknown>): Promise<Result>;
    prepare(
      name?: string,
    ): Query extends { prepare(...args: never): infer Prepared }
      ? Omit<Prepared, 'execute'> & { execute(placeholderValues?: Record<string, unknown>): Promise<Result> }
      : never;
  };
