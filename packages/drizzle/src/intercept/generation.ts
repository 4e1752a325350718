import type { Projection } from '@cachetastic/core';
import type { Driver, Expected, PlainRows } from '../driver/driver.js';
import type { BuiltQuery, DatabaseLike, DialectLike } from '../objects/database.js';
import type { Entity } from '../objects/entities.js';

export interface DriverCall {
  /** The parameters, as the driver gets them. */
  readonly params: readonly unknown[];
  /** What distinguishes results of the same SQL: their rows are lists or objects. */
  readonly form: string;
  /** What Drizzle expects from {@link run}. */
  readonly expected: Expected;
  /** A token of the caller, by which the database decides what the query sees. */
  readonly token: unknown;
  /** How results that Drizzle mapped from the rows are kept in memory beside them. */
  readonly projection: Projection<PlainRows> | undefined;
  readonly run: () => Promise<unknown>;
}

/** Passes one run of a driver through the cache. */
export type Intercept = (call: DriverCall) => Promise<unknown>;

/** A query that is ready to run. */
export interface Prepared {
  /** What the session returned, which every generation runs in a way of its own. */
  readonly prepared: object;
  readonly query: BuiltQuery;
  /** What the session prepared it with. */
  readonly settings: readonly unknown[];
  readonly driver: Driver;
}

/** Everything that serves one generation of Drizzle only. To drop a generation, delete its folder and its line in `generations.ts`. */
export interface Generation {
  /** Part of the identity of cached results: every generation expects them in forms of its own. */
  readonly name: '0' | '1';
  recognises(database: DatabaseLike): boolean;
  /** The tables and views that `drizzle(…)` was given. */
  tablesOf(database: DatabaseLike): readonly unknown[];
  /** The name that the dialect gives to `column`. Absent: the column's own. */
  columnName?(dialect: DialectLike, column: Entity): string | undefined;
  /** Whether `$withAuth` makes a database on a session of its own. If not, its queries carry the token. */
  readonly authorisesSession: boolean;
  /** A dialect that writes the same queries faster. */
  accelerate?(dialect: DialectLike): DialectLike;
  /** Whether `query` was written without Drizzle's SQL, all of whose tables are known already. */
  wroteItself?(query: BuiltQuery): boolean;
  /** Makes a query pass each run of its driver to `intercept`. @returns Whether it is a query of this generation. */
  interceptPrepared(prepared: Prepared, intercept: Intercept): boolean;
}
