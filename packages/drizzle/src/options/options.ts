import type { AdapterOptions, ModelDefaults, ReadCacheOptions } from '@cachetastic/core/adapter';

/** How one table is cached. */
export interface TableOptions extends ModelDefaults {
  /** For a table with triggers: the tables that they change. An empty list: only the written row itself. */
  readonly triggers?: readonly string[] | undefined;
}

/** What {@link withCachetastic} takes. Tables are named as the database names them, with their schema or without. */
export interface CachetasticOptions extends AdapterOptions {
  /**
   * Every table and view of the database, as the module that defines them exports them. Foreign keys are read from it.
   *
   * @defaultValue what `drizzle(…)` was given; without either, deleting rows or changing their keys invalidates everything
   */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  /** By table. `false`: reads that reach it are never cached. */
  readonly tables?: Readonly<Record<string, TableOptions | false>> | undefined;
  /**
   * Functions of extensions, or of your own, that change nothing and depend only on their arguments. A query that
   * calls another one that the database does not declare harmless is not cached, and invalidates everything: it may write.
   */
  readonly functions?: readonly string[] | undefined;
  /** By view: the tables that it reads, if its definition does not show them. */
  readonly views?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What `$cached` takes: how every read of the database that it makes uses the cache. */
export interface CachedOptions extends ReadCacheOptions {
  /** The tables that queries read in addition to those that their SQL shows, by name. */
  readonly tables?: readonly string[] | undefined;
}
