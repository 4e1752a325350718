import { type Cached, withCachetastic } from '@cachetastic/drizzle';
import { defineRelations, eq } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { integer, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';
import type { Pool } from 'pg';

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : { readonly not: One };
const same = <_Holds extends true>(): void => {};

const users = pgTable('users', { id: serial().primaryKey(), name: text().notNull(), born: timestamp() });
const posts = pgTable('posts', { id: serial().primaryKey(), authorId: integer().references(() => users.id) });
const relations = defineRelations({ users, posts }, (r) => ({
  users: { posts: r.many.posts({ from: r.users.id, to: r.posts.authorId }) },
}));
declare const pool: Pool;

const plain = drizzle({ client: pool, relations });
const db = withCachetastic(plain, { schema: { users, posts }, mode: 'all' });

const asDriver: NodePgDatabase<typeof relations> = db;
const again: Cached<typeof plain> = db.$cached({ ttl: 60 });
const selected = db.$cached(60).select().from(users).where(eq(users.id, 1));
same<Same<Awaited<typeof selected>, { id: number; name: string; born: Date | null }[]>>();
const found = db.$cached().query.users.findMany({ with: { posts: true }, columns: { id: true }, where: { id: 1 } });
same<Same<Awaited<typeof found>, { id: number; posts: { id: number; authorId: number | null }[] }[]>>();
const ordered = db.query.users.findMany({
  where: { id: { gt: 1 } },
  orderBy: { id: 'desc' },
  columns: { id: true },
  cache: 60,
});
same<Same<Awaited<typeof ordered>, { id: number }[]>>();
void db.$cache.invalidate({ tables: users, tags: 'team' });

// @ts-expect-error: not an option.
withCachetastic(plain, { tll: 5 });
// @ts-expect-error: not a duration.
db.$cached({ ttl: 'soon' });

void [asDriver, again];
