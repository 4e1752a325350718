import type { DrizzleCache } from '@cachetastic/drizzle';
import { desc, gt } from 'drizzle-orm';
import type { LibSQLDatabase } from 'drizzle-orm/libsql';
import type { MySql2Database } from 'drizzle-orm/mysql2';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { relations } from 'drizzle-orm/relations';
import type { Pool } from 'pg';
import { people, posts, things, users } from './drizzle-tables.js';

const schema = {
  users,
  posts,
  userRelations: relations(users, ({ many }) => ({ posts: many(posts) })),
  postRelations: relations(posts, ({ one }) => ({
    author: one(users, { fields: [posts.authorId], references: [users.id] }),
  })),
};
const ofMysql = { people, peopleRelations: relations(people, ({ many }) => ({ people: many(people) })) };
const ofSqlite = { things };
declare const pool: Pool;

/** What PostgreSQL's databases are, as 0.45 names them; and MySQL's, and SQLite's. */
export type PgBlog = NodePgDatabase<typeof schema>;
export type MySqlPeople = MySql2Database<typeof ofMysql>;
export type SqliteThings = LibSQLDatabase<typeof ofSqlite>;

export const plain = drizzle(pool, { schema });
export const withoutRelations = drizzle(pool);
export const withCache = (cache: DrizzleCache): PgBlog => drizzle(pool, { schema, cache });

/** Some posts, in an order. */
export const somePosts = { where: gt(posts.id, 1), orderBy: [desc(posts.id)] };
