/* The other process of a test. It does what messages ask, and ends when the first process does. */
import { createRequire } from 'node:module';
import { drizzleCache } from '@cachetastic/drizzle';
import pg from 'pg';
import { blogOf } from './blog-schema.js';
import type { BlogDatabase } from './generation.js';
import type { OtherReply, OtherRequest, OtherSetup } from './other-process.js';

const { generation, databaseUrl, options } = JSON.parse(process.argv[2] ?? '') as OtherSetup;
const require = createRequire(new URL(generation === '1.0' ? '../../drizzle-1/' : './', import.meta.url));
const orm = require('drizzle-orm') as typeof import('drizzle-orm');
const { users } = blogOf(require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core'), orm);
const { drizzle } = require('drizzle-orm/node-postgres') as typeof import('drizzle-orm/node-postgres');

const pool = new pg.Pool({ connectionString: databaseUrl });
// The database may be dropped before the last idle connection has ended.
pool.on('error', () => {});
const cache = drizzleCache(options);
const db = Reflect.apply(drizzle, undefined, [{ client: pool, cache }]) as unknown as BlogDatabase;

async function run(request: OtherRequest): Promise<OtherReply> {
  if ('rename' in request) await db.update(users).set({ name: request.rename }).where(orm.eq(users.id, 1));
  const rows = await db.select().from(users).orderBy(users.id).$withCache();
  await cache.idle();
  const { l1, l2 } = cache.stats().hits;
  return { names: rows.map(({ name }) => name), hits: l1 + l2 };
}

process.on('disconnect', () => process.exit(0));
process.on('message', (request: OtherRequest) => {
  void run(request).then((reply) => process.send?.(reply));
});
