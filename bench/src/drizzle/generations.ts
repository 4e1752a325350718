import * as root0 from 'drizzle-orm';
import { drizzle as drizzle0 } from 'drizzle-orm/node-postgres';
import * as pg0 from 'drizzle-orm/pg-core';
import * as root1 from 'drizzle-orm-1';
import { drizzle as drizzle1 } from 'drizzle-orm-1/node-postgres';
import * as pg1 from 'drizzle-orm-1/pg-core';
import type pg from 'pg';
import { HeldAnswers } from './held-answers.js';
import { type Database, type DrizzleQuestion, selectsOf } from './questions.js';
import { tablesOf } from './schema.js';

/** One generation of Drizzle, and what is asked of it. */
export interface Generation {
  readonly name: string;
  /** Whether the goals are meant for it. */
  readonly goals: boolean;
  readonly questions: readonly DrizzleQuestion[];
  /** A database over `client`, with Drizzle's own cache if that is asked for. */
  open(client: pg.Pool, cache: 'no cache' | 'own cache'): Database;
}

const ownCache = (cache: 'no cache' | 'own cache') => (cache === 'own cache' ? { cache: new HeldAnswers() } : {});

/** Drizzle 0.45. Its own cache has no relational queries. */
function generation0(): Generation {
  const { asc, gt, relations } = root0;
  const tables = tablesOf(pg0);
  const { users, posts } = tables;
  const schema = {
    ...tables,
    userRelations: relations(users, ({ many }) => ({ posts: many(posts) })),
    postRelations: relations(posts, ({ one }) => ({
      author: one(users, { fields: [posts.authorId], references: [users.id] }),
    })),
  };
  const withPosts = (rows: number): DrizzleQuestion => ({
    name: `${rows} rows + posts`,
    ask: (database, which) =>
      (database as unknown as ReturnType<typeof drizzle0<typeof schema>>).query.users.findMany({
        where: gt(users.id, which % 9_000),
        orderBy: asc(users.id),
        limit: rows,
        with: { posts: true },
      }),
  });
  return {
    name: 'Drizzle',
    goals: true,
    questions: [...selectsOf(tables, root0), withPosts(10), withPosts(100)],
    open: (client, cache) => drizzle0(client, { schema, ...ownCache(cache) }) as unknown as Database,
  };
}

/** What its relations are told with, and what they are asked with: the types of our tables are those of the other. */
interface Ends {
  readonly users: Readonly<Record<string, unknown>>;
  readonly posts: Readonly<Record<string, unknown>>;
  readonly one: { users(ends: object): unknown };
  readonly many: { posts(): unknown };
}
interface Relational {
  readonly query: { readonly users: { findMany(config: object): PromiseLike<unknown> } };
}

/** Drizzle 1.0. Its own cache has relational queries too. */
function generation1(): Generation {
  const tables = tablesOf(pg1 as unknown as typeof pg0);
  const relations: object = root1.defineRelations(tables as never, (ends: never) => {
    const { users, posts, one, many } = ends as Ends;
    const author = one.users({ from: posts['authorId'], to: users['id'] });
    return { users: { posts: many.posts() }, posts: { author } } as never;
  });
  const withPosts = (rows: number): DrizzleQuestion => {
    const ask = (database: Database, which: number, native: object = {}) =>
      (database as unknown as Relational).query.users.findMany({
        where: { id: { gt: which % 9_000 } },
        orderBy: { id: 'asc' },
        limit: rows,
        with: { posts: true },
        ...native,
      });
    return {
      name: `${rows} rows + posts`,
      ask: (database, which) => ask(database, which),
      askNative: (database, which) => ask(database, which, { withCache: true }),
    };
  };
  return {
    name: 'Drizzle 1.0',
    goals: false,
    questions: [...selectsOf(tables, root1 as unknown as typeof root0), withPosts(10), withPosts(100)],
    open: (client, cache) => drizzle1({ client, relations, ...ownCache(cache) } as never) as unknown as Database,
  };
}

export const GENERATIONS: readonly Generation[] = [generation0(), generation1()];
