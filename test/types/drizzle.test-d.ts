import { type Cached, withCachetastic } from '@cachetastic/drizzle';
import { eq } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { integer, type PgDatabase, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';
import { relations } from 'drizzle-orm/relations';
import type { Pool } from 'pg';

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : { readonly not: One };
const same = <_Holds extends true>(): void => {};

const users = pgTable('users', { id: serial().primaryKey(), name: text().notNull(), born: timestamp() });
const posts = pgTable('posts', { id: serial().primaryKey(), authorId: integer().references(() => users.id) });
const userRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
const schema = { users, posts, userRelations };
declare const pool: Pool;

const plain = drizzle(pool, { schema });
const db = withCachetastic(plain, {
  redis: 'redis://localhost',
  ttl: '5m',
  tables: { users: { ttl: 5 }, posts: false },
});

// It is still the database that it was.
const asDriver: NodePgDatabase<typeof schema> = db;
const asDialect: PgDatabase<never, typeof schema> = db as never;
const again: Cached<typeof plain> = db.$cached({ ttl: 60, tags: ['team'] });
same<Same<typeof db.$client, typeof plain.$client>>();
void migrate(db, { migrationsFolder: 'drizzle' });

// Caching leaves the types of answers alone.
const selected = db.$cached(60).select().from(users).where(eq(users.id, 1));
const reference = plain.select().from(users).where(eq(users.id, 1));
same<Same<Awaited<typeof selected>, Awaited<typeof reference>>>();
same<Same<Awaited<typeof selected>, { id: number; name: string; born: Date | null }[]>>();
const found = db.$cached().query.users.findMany({ with: { posts: true }, columns: { id: true } });
same<Same<Awaited<typeof found>, { id: number; posts: { id: number; authorId: number | null }[] }[]>>();
const ordered = db.query.users.findMany({
  where: (user, { gt }) => gt(user.id, 1),
  orderBy: (user, { desc }) => [desc(user.id)],
  columns: { id: true },
  cache: 60,
});
same<Same<Awaited<typeof ordered>, { id: number }[]>>();
const counted = db.$cached('250ms').$count(users);
same<Same<Awaited<typeof counted>, number>>();
const { data, info } = await db.$cache.explain(() => selected);
same<Same<typeof data, Awaited<typeof reference>>>();
same<Same<typeof info.status, 'hit' | 'stale' | 'miss' | 'coalesced' | 'bypass'>>();

void db.$cache.invalidate({ tables: users, tags: 'team' });
void db.$cache.invalidate({ tables: ['users', posts], tags: ['team'] });
void db.$cache.invalidate({ everything: true });
void db.transaction(async (tx) => tx.insert(users).values({ name: 'Ann' }).returning());

// @ts-expect-error: not an option.
withCachetastic(plain, { tll: 5 });
// @ts-expect-error: a word of Prisma's.
withCachetastic(plain, { models: {} });
// @ts-expect-error: not a duration.
db.$cached({ ttl: 'soon' });
// @ts-expect-error: not an option.
db.$cached({ tag: 'team' });
// @ts-expect-error: a table option that there is not.
withCachetastic(plain, { tables: { users: { tll: 5 } } });
// @ts-expect-error: nothing that there is.
void db.$cache.invalidate({ models: ['users'] });
// @ts-expect-error: a column that there is not.
db.$cached().query.users.findMany({ columns: { nope: true } });

void [asDriver, asDialect, again];
