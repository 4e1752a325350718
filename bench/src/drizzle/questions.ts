import { asc, eq, gt, sql } from 'drizzle-orm';
import type { Database } from './databases.js';
import { users } from './schema.js';

/** A read of users, of which there are many that bring equally many rows. */
export interface DrizzleQuestion {
  readonly name: string;
  ask(database: Database, which: number): PromiseLike<unknown>;
  /** The same, asking for Drizzle's own cache, which has no relational queries. */
  readonly askNative?: DrizzleQuestion['ask'] | undefined;
  /** Prepares it once. What it returns asks it. */
  readonly prepare?: ((database: Database) => (which: number) => PromiseLike<unknown>) | undefined;
}

const LONG = { config: { ex: 600 } };

const byId = (database: Database, which: number) =>
  database
    .select()
    .from(users)
    .where(eq(users.id, (which % 10_000) + 1));

export const ONE: DrizzleQuestion = {
  name: '1 row',
  ask: byId,
  askNative: (database, which) => byId(database, which).$withCache(LONG),
  prepare: (database) => {
    const prepared = database
      .select()
      .from(users)
      .where(eq(users.id, sql.placeholder('id')))
      .prepare('user_by_id');
    return (which) => prepared.execute({ id: (which % 10_000) + 1 });
  },
};

export const TEN = many(10);
export const HUNDRED = many(100);
export const TEN_WITH_POSTS = withPosts(10);
export const HUNDRED_WITH_POSTS = withPosts(100);

function many(rows: number): DrizzleQuestion {
  const build = (database: Database, which: number) =>
    database
      .select()
      .from(users)
      .where(gt(users.id, which % 9_000))
      .orderBy(asc(users.id))
      .limit(rows);
  return {
    name: `${rows} rows`,
    ask: build,
    askNative: (database, which) => build(database, which).$withCache(LONG),
    prepare: (database) => {
      const prepared = database
        .select()
        .from(users)
        .where(gt(users.id, sql.placeholder('after')))
        .orderBy(asc(users.id))
        .limit(rows)
        .prepare(`users_${rows}`);
      return (which) => prepared.execute({ after: which % 9_000 });
    },
  };
}

function withPosts(rows: number): DrizzleQuestion {
  return {
    name: `${rows} rows + posts`,
    ask: (database, which) =>
      database.query.users.findMany({
        where: gt(users.id, which % 9_000),
        orderBy: asc(users.id),
        limit: rows,
        with: { posts: true },
      }),
  };
}
