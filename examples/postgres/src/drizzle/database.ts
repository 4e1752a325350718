import { withCachetastic } from '@cachetastic/drizzle';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { ShopOptions } from '../shop.js';
import type * as schema from './schema.js';

/** The shop as any PostgreSQL driver of Drizzle reaches it. */
export type PlainDatabase = PgDatabase<PgQueryResultHKT, typeof schema>;

/** The same with its cache. */
export type Database = ReturnType<typeof openDatabase>;

export interface DatabaseOptions extends ShopOptions {
  readonly database: PlainDatabase;
}

/** Everything that it takes to cache: one `withCachetastic`. */
export function openDatabase({ database, redis, namespace, memory = true }: DatabaseOptions) {
  return withCachetastic(database, { redis, namespace, ttl: '5m', ...(memory ? {} : { memory: false }) });
}
