import type { ReadCacheArgument } from '@cachetastic/core/adapter';
import type { BuildQueryResult, TableRelationalConfig, TablesRelationalConfig } from 'drizzle-orm/relations';
import type { CachedOptions } from '../options/options.js';

/** How one query uses the cache: `true` for the defaults, a TTL, options, or `false` for never. */
export type QueryCacheArgument = ReadCacheArgument | CachedOptions;

/** What relational queries take besides: Drizzle itself does not know it. */
export interface CacheConfig {
  readonly cache?: QueryCacheArgument | undefined;
}

/**
 * What `db.query` gains: `findMany` and `findFirst` of every table take `cache`, and answer as without it.
 *
 * Both generations and all dialects are read by their structure: no name is used that only one of them has.
 */
export type CachedQueries<Database> = Database extends { readonly query: infer Queries }
  ? string extends keyof TablesOf<Database>
    ? unknown
    : { readonly query: { readonly [Name in keyof Queries]: CachedFinds<Database, Name, Queries[Name]> } }
  : unknown;

/** The tables that a database was told, with their relations. */
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
          ): Answering<QueryOf<FindMany>, BuildQueryResult<TablesOf<Database>, Table, Config>[]>;
          findFirst<Config extends ConfigOf<FindFirst> & CacheConfig>(
            config?: Exactly<Config, ConfigOf<FindFirst> & CacheConfig>,
          ): Answering<QueryOf<FindFirst>, BuildQueryResult<TablesOf<Database>, Table, Config> | undefined>;
        }
      : unknown
    : unknown
  : unknown;

type ConfigOf<Find> = Find extends (config?: infer Config) => unknown ? NonNullable<Config> : never;

type QueryOf<Find> = Find extends (...given: never) => infer Query ? Query : never;

/** `Config`, with `never` for what `Allowed` does not know. */
type Exactly<Config, Allowed> = { [Key in keyof Config]: Key extends keyof Allowed ? Config[Key] : never };

/** `Query`, with another answer. */
type Answering<Query, Answer> = Omit<Query, keyof Promise<unknown> | '_' | 'execute' | 'prepare'> &
  Promise<Answer> & {
    readonly _: Query extends { readonly _: infer Marks } ? Omit<Marks, 'result'> & { readonly result: Answer } : never;
    execute(placeholderValues?: Record<string, unknown>): Promise<Answer>;
    prepare(
      name?: string,
    ): Query extends { prepare(...given: never): infer Prepared }
      ? Omit<Prepared, 'execute'> & { execute(placeholderValues?: Record<string, unknown>): Promise<Answer> }
      : never;
  };
