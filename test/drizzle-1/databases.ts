import type { DrizzleCache } from '@cachetastic/drizzle';
import { defineRelations } from 'drizzle-orm';
import type { LibSQLDatabase } from 'drizzle-orm/libsql';
import type { MySql2Database } from 'drizzle-orm/mysql2';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { people, posts, things, users } from '../types/drizzle-tables.js';

const relations = defineRelations({ users, posts }, (r) => ({
  users: { posts: r.many.posts() },
  posts: { author: r.one.users({ from: r.posts.authorId, to: r.users.id }) },
}));
const ofMysql = defineRelations({ people }, (r) => ({
  people: { people: r.many.people({ from: r.people.id, to: r.people.id }) },
}));
const ofSqlite = defineRelations({ things });
declare const pool: Pool;

/** What PostgreSQL's databases are, as 1.0 names them; and MySQL's, and SQLite's. */
export type PgBlog = NodePgDatabase<typeof relations>;
export type MySqlPeople = MySql2Database<typeof ofMysql>;
export type SqliteThings = LibSQLDatabase<typeof ofSqlite>;

export const plain = drizzle({ client: pool, relations });
export const withoutRelations = drizzle({ client: pool });
export const withCache = (cache: DrizzleCache): PgBlog => drizzle({ client: pool, relations, cache });

/** Some posts, in an order. */
export const somePosts = { where: { id: { gt: 1 } }, orderBy: { id: 'desc' } } as const;
