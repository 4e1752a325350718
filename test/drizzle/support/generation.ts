import type { Cached, CachetasticOptions } from '@cachetastic/drizzle';
import type * as Root from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type * as PgCore from 'drizzle-orm/pg-core';
import type { TestDatabase } from '../../support/services/index.js';
import type { Blog } from './blog-schema.js';

/** What relational queries may ask for, which each generation writes in its own way. */
export interface BlogQueries {
  readonly users: {
    findMany(config?: object): Promise<Record<string, unknown>[]>;
    findFirst(config?: object): Promise<Record<string, unknown> | undefined>;
  };
  readonly posts: BlogQueries['users'];
}

/** A database of the blog, typed as node-postgres has it: the drivers differ in raw answers only. */
export type BlogDatabase = Omit<NodePgDatabase<Record<string, never>>, 'query'> & { readonly query: BlogQueries };

export type CachedBlog = Cached<BlogDatabase>;

/** One driver on one database. */
export interface Connection {
  readonly base: BlogDatabase;
  /** The statements that the driver sent. */
  readonly statements: string[];
  close(): Promise<void>;
}

/** One driver of one generation. */
export interface Driver {
  readonly name: string;
  /** The driver that other processes use, if they cannot use this one. */
  readonly elsewhere?: 'node-postgres';
  /** A database with the tables of the blog. PGlite has one in this process. */
  create(): Promise<DriverDatabase>;
  /**
   * Connects, from any process, to a database that was made.
   *
   * @param settings - What `drizzle(…)` gets in addition.
   * @param session - What the sessions are set to, as `pg` takes it in its option `options`.
   */
  connect(address: string, settings?: object, session?: string): Promise<Connection>;
}

export interface DriverDatabase {
  /** Where other processes reach it. */
  address(): Promise<string>;
  /** Connects, as {@link Driver.connect} does. */
  connect(settings?: object, session?: string): Promise<Connection>;
  /** Makes the rows what they are before each test. @defaultValue those on PostgreSQL */
  fill?(): Promise<void>;
  /** Runs SQL without the cache. */
  execute(sql: string): Promise<void>;
  drop(): Promise<void>;
  readonly server: TestDatabase | undefined;
}

/** One generation of Drizzle. The suites are written for the first; the second has the same names. */
export interface Generation {
  readonly name: '0.45' | '1.0';
  readonly dialect: 'postgresql' | 'mysql' | 'sqlite';
  /** The reads that the server refuses as they are written for it: MariaDB knows no `lateral`. */
  readonly lacks: readonly string[];
  /** Runs raw SQL. */
  raw(db: CachedBlog, sql: unknown): PromiseLike<unknown>;
  readonly orm: typeof Root;
  readonly pg: typeof PgCore;
  readonly blog: Blog;
  readonly drivers: readonly Driver[];
  /** A `where` of a relational query: that `column` is `value`. */
  equals(column: string, value: unknown): unknown;
  withCachetastic(base: BlogDatabase, options?: CachetasticOptions): CachedBlog;
}

/**
 * `generation` with its first driver alone: for a suite that exercises the same code in both generations. One driver then
 * shows that this generation passes its queries there, and the other generation runs the suite with all drivers.
 */
export function firstDriver(generation: Generation): Generation {
  return { ...generation, drivers: generation.drivers.slice(0, 1) };
}

/** `generation` with the drivers that {@link firstDriver} leaves out. */
export function otherDrivers(generation: Generation): Generation {
  return { ...generation, drivers: generation.drivers.slice(1) };
}
