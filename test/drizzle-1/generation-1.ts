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
import { relationsOf } from './relations.js';

// The suites are typed by the first generation; the names that they use are the same in both.
const root = orm as unknown as Generation['orm'];
const blog = blogOf(pg as unknown as Generation['pg'], root);

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
