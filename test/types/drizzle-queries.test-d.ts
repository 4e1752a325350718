import { type Cached, type DrizzleCache, drizzleCache, withCachetastic } from '@cachetastic/drizzle';
import {
  type MySqlPeople,
  type PgBlog,
  plain,
  type SqliteThings,
  somePosts,
  withCache,
  withoutRelations,
} from 'drizzle-databases';
import { eq } from 'drizzle-orm';
import type { Cache } from 'drizzle-orm/cache/core';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { expectTypeOf, it } from 'vitest';
import { people, posts, things, users } from './drizzle-tables.js';

// This holds with either generation of Drizzle: the one of the project that looks at it, which also says what `drizzle-databases` is.
const db = withCachetastic(plain);

it('relational queries accept `cache`, and have the same results as without it', () => {
  expectTypeOf(db.query.users.findMany({ cache: 60 }).execute()).toEqualTypeOf(plain.query.users.findMany().execute());
  const many = db.query.posts.findMany({
    columns: { id: true },
    with: { author: { columns: { born: true }, with: { posts: true } } },
    ...somePosts,
    limit: 3,
    cache: { ttl: '5m', swr: 60, tags: ['team'], tables: ['users'] },
  });
  const plainly = plain.query.posts.findMany({
    columns: { id: true },
    with: { author: { columns: { born: true }, with: { posts: true } } },
  });
  expectTypeOf(many.execute()).toEqualTypeOf(plainly.execute());
  expectTypeOf(many.then((rows) => rows)).toEqualTypeOf(plainly.then((rows) => rows));
  expectTypeOf(many.prepare('name').execute()).toEqualTypeOf(plainly.prepare('name').execute());
  expectTypeOf(many.toSQL()).toEqualTypeOf(plainly.toSQL());
  const first = db.query.users.findFirst({ with: { posts: true }, cache: false });
  expectTypeOf(first.execute()).toEqualTypeOf(plain.query.users.findFirst({ with: { posts: true } }).execute());
  expectTypeOf(db.$cached().query.users.findFirst({ cache: true }).execute()).toEqualTypeOf(
    plain.query.users.findFirst().execute(),
  );
  expectTypeOf(db.query.users.findMany({ with: { posts: true } }).execute()).toEqualTypeOf(
    plain.query.users.findMany({ with: { posts: true } }).execute(),
  );
});

it('relational queries reject an invalid `cache`', () => {
  // @ts-expect-error a misspelt option
  db.query.users.findMany({ cache: { tll: 5 } });
  // @ts-expect-error not a duration
  db.query.users.findMany({ cache: 'long' });
  // @ts-expect-error not a list
  db.query.users.findFirst({ cache: { tags: 'a' } });
  // @ts-expect-error a misspelt column
  db.query.users.findMany({ columns: { nope: true }, cache: 5 });
  // @ts-expect-error a misspelt relation
  db.query.users.findMany({ with: { pots: true }, cache: 5 });
  // @ts-expect-error a misspelt argument
  db.query.users.findMany({ cach: 5 });
  // @ts-expect-error a table that there is not
  db.query.nobody;
  // @ts-expect-error not without a cache
  plain.query.users.findMany({ cache: 5 });
});

it('the select builder accepts `$withCache` anywhere in the chain', () => {
  const selected = db
    .select()
    .from(users)
    .$withCache({ ttl: 60, tags: ['team'] });
  expectTypeOf(selected.execute()).toEqualTypeOf(plain.select().from(users).execute());
  expectTypeOf(
    db.select({ id: users.id }).from(users).where(eq(users.id, 1)).limit(1).$withCache({ ttl: '5m' }).execute(),
  ).toEqualTypeOf<Promise<{ id: number }[]>>();
  expectTypeOf(
    db.select().from(users).leftJoin(posts, eq(posts.authorId, users.id)).$withCache({}).execute(),
  ).toEqualTypeOf(plain.select().from(users).leftJoin(posts, eq(posts.authorId, users.id)).execute());
  db.select().from(users).$withCache();
  db.select().from(users).$withCache(false);
  db.select()
    .from(users)
    .$withCache({ tag: 'team', config: { ex: 60 }, autoInvalidate: false });
  // @ts-expect-error a misspelt option
  db.select().from(users).$withCache({ tll: 5 });
  // @ts-expect-error Drizzle would lose it
  db.select().from(users).$withCache('5m');
  // @ts-expect-error not a list
  db.select().from(users).$withCache({ tags: 'team' });
});

it('transactions have the same results as without a cache', () => {
  void db.transaction(async (tx) => {
    expectTypeOf(await tx.query.users.findMany({ with: { posts: true } })).toEqualTypeOf(
      await plain.query.users.findMany({ with: { posts: true } }),
    );
    await tx.select().from(users).$withCache({ ttl: 60 });
  });
});

it('a wrapped database is assignable to the type of the database, and keeps its schema', () => {
  expectTypeOf(db).toExtend<PgBlog>();
  expectTypeOf(db).toExtend<typeof plain>();
  expectTypeOf(db.$cached(5)).toEqualTypeOf(db);
  expectTypeOf(withCachetastic(withoutRelations).select().from(users).execute()).toEqualTypeOf(
    plain.select().from(users).execute(),
  );
  expectTypeOf<Cached<NodePgDatabase>>().toExtend<NodePgDatabase>();
});

it('queries on MySQL and SQLite have the same types as on PostgreSQL', () => {
  const mysql = withCachetastic({} as MySqlPeople);
  const sqlite = withCachetastic({} as SqliteThings);
  expectTypeOf(mysql.query.people.findMany({ with: { people: true }, cache: 5 }).execute()).toEqualTypeOf<
    Promise<{ id: number; people: { id: number }[] }[]>
  >();
  expectTypeOf(sqlite.query.things.findFirst({ cache: { ttl: 5 } }).execute()).toEqualTypeOf<
    Promise<{ id: number } | undefined>
  >();
  expectTypeOf(mysql.select().from(people).$withCache({ ttl: 5 }).execute()).toEqualTypeOf<Promise<{ id: number }[]>>();
  expectTypeOf(sqlite.select().from(things).$withCache({ ttl: 5 }).all()).toEqualTypeOf<Promise<{ id: number }[]>>();
  expectTypeOf(mysql).toExtend<MySqlPeople>();
  expectTypeOf(sqlite).toExtend<SqliteThings>();
  // @ts-expect-error a misspelt option
  mysql.query.people.findMany({ cache: { tll: 5 } });
  // @ts-expect-error a misspelt option
  sqlite.select().from(things).$withCache({ tll: 5 });
});

it('`drizzleCache` returns a cache of the type that Drizzle expects', () => {
  expectTypeOf<DrizzleCache>().toExtend<Cache>();
  withCache(drizzleCache({ mode: 'all', ttl: '5m', database: 'shop', repeatAfter: 0 }));
  // @ts-expect-error a misspelt option
  drizzleCache({ tll: 5 });
  // @ts-expect-error no load would refresh it
  drizzleCache({ swr: 5 });
});
