import { withCachetastic } from '@cachetastic/drizzle';
import * as orm from 'drizzle-orm';
import { drizzle as libsql } from 'drizzle-orm/libsql';
import * as my from 'drizzle-orm/mysql-core';
import { drizzle as mysql2 } from 'drizzle-orm/mysql2';
import { drizzle as nodePostgres } from 'drizzle-orm/node-postgres';
import * as pg from 'drizzle-orm/pg-core';
import { drizzle as pglite } from 'drizzle-orm/pglite';
import { drizzle as postgresJs } from 'drizzle-orm/postgres-js';
import * as lite from 'drizzle-orm/sqlite-core';
import { type Blog, blogOf } from '../drizzle/support/blog-schema.js';
import { blogOfMySql } from '../drizzle/support/blog-schema-mysql.js';
import { blogOfSQLite } from '../drizzle/support/blog-schema-sqlite.js';
import { postgresDrivers } from '../drizzle/support/drivers.js';
import type { CachedBlog, Driver, Generation } from '../drizzle/support/generation.js';
import { libsqlDriver, mysqlDriver } from '../drizzle/support/other-drivers.js';

// The suites are typed by the first generation; the names that they use are the same in both.
const root = orm as unknown as Generation['orm'];
const blog = blogOf(pg as unknown as Generation['pg'], root);

type Table = 'users' | 'posts' | 'comments' | 'tags' | 'postTags';
type ColumnName = 'id' | 'authorId' | 'postId' | 'tagId' | 'userId';
interface End {
  through(column: End): unknown;
}
type Ends = Record<Table, Record<ColumnName, End>>;
type Relate = Record<'one' | 'many', Record<Table, (columns?: object) => unknown>>;

/** The relations that `drizzle(…)` is given. */
export function relationsOf({ users, posts, comments, tags, postTags }: Blog): object {
  return orm.defineRelations({ users, posts, comments, tags, postTags } as never, (r: never) => {
    const { users, posts, comments, tags, postTags, one, many } = r as Ends & Relate;
    return {
      users: { posts: many.posts(), comments: many.comments() },
      posts: {
        author: one.users({ from: posts.authorId, to: users.id }),
        comments: many.comments(),
        postTags: many.postTags(),
        tags: many.tags({ from: posts.id.through(postTags.postId), to: tags.id.through(postTags.tagId) }),
      },
      comments: {
        post: one.posts({ from: comments.postId, to: posts.id }),
        user: one.users({ from: comments.userId, to: users.id }),
      },
      postTags: {
        post: one.posts({ from: postTags.postId, to: posts.id }),
        tag: one.tags({ from: postTags.tagId, to: tags.id }),
      },
    } as never;
  });
}

/** Drizzle 1.0 on PostgreSQL. */
export const generation1: Generation = madeOf(blog, (relations) =>
  postgresDrivers({
    nodePostgres: (client, settings) => Reflect.apply(nodePostgres, undefined, [{ client, relations, ...settings }]),
    postgresJs: (client, settings) => Reflect.apply(postgresJs, undefined, [{ client, relations, ...settings }]),
    pglite: (client, settings) => Reflect.apply(pglite, undefined, [{ client, relations, ...settings }]),
  }),
);

/** Drizzle 1.0 on MySQL. */
export const generation1MySql: Generation = {
  ...madeOf(blogOfMySql(my as unknown as Parameters<typeof blogOfMySql>[0], root), (relations) => [
    mysqlDriver((client, settings) => Reflect.apply(mysql2, undefined, [{ client, relations, ...settings }])),
  ]),
  dialect: 'mysql',
  lacks: ['a lateral join', 'relations, three deep', 'many to many', 'one row by its key, with relations'],
  pg: my as unknown as Generation['pg'],
};

/** Drizzle 1.0 on SQLite. */
export const generation1SQLite: Generation = {
  ...madeOf(blogOfSQLite(lite as unknown as Parameters<typeof blogOfSQLite>[0], root), (relations) => [
    libsqlDriver((client, settings) => Reflect.apply(libsql, undefined, [{ client, relations, ...settings }])),
  ]),
  dialect: 'sqlite',
  lacks: ['a lateral join'],
  pg: lite as unknown as Generation['pg'],
  raw: (db, sql) => Reflect.apply(Reflect.get(db, 'all'), db, [sql]),
};

function madeOf(of: Blog, drivers: (relations: object) => readonly Driver[]): Generation {
  return {
    name: '1.0',
    dialect: 'postgresql',
    lacks: [],
    orm: root,
    pg: pg as unknown as Generation['pg'],
    blog: of,
    drivers: drivers(relationsOf(of)),
    equals: (column, value) => ({ [column]: value }),
    raw: (db, sql) => Reflect.apply(db.execute, db, [sql]),
    withCachetastic: (base, options) => withCachetastic(base, { schema: of, ...options }) as unknown as CachedBlog,
  };
}
