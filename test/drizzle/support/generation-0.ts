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
import { blogOf } from './blog-schema.js';
import { blogOfMySql } from './blog-schema-mysql.js';
import { blogOfSQLite } from './blog-schema-sqlite.js';
import { postgresDrivers } from './drivers.js';
import type { CachedBlog, Generation } from './generation.js';
import { libsqlDriver, mysqlDriver } from './other-drivers.js';
import { schemaOf } from './relational-schema.js';

const blog = blogOf(pg, orm);
const schema = schemaOf(blog);

/** Drizzle 0.45 on PostgreSQL. */
export const generation0: Generation = {
  name: '0.45',
  dialect: 'postgresql',
  lacks: [],
  orm,
  pg,
  blog,
  drivers: postgresDrivers({
    nodePostgres: (client, settings) => Reflect.apply(nodePostgres, undefined, [client, { schema, ...settings }]),
    postgresJs: (client, settings) => Reflect.apply(postgresJs, undefined, [client, { schema, ...settings }]),
    pglite: (client, settings) => Reflect.apply(pglite, undefined, [client, { schema, ...settings }]),
  }),
  equals: (column, value) => (table: Record<string, orm.Column>) => orm.eq(table[column] as orm.Column, value),
  raw: (db, sql) => db.execute(sql as orm.SQL),
  withCachetastic: (base, options) => withCachetastic(base, options) as unknown as CachedBlog,
};

const mysqlBlog = blogOfMySql(my, orm);
const mysqlSettings = { schema: schemaOf(mysqlBlog), mode: 'planetscale' };

/** Drizzle 0.45 on MySQL. */
export const generation0MySql: Generation = {
  ...generation0,
  dialect: 'mysql',
  lacks: ['a lateral join', 'relations, three deep', 'many to many'],
  pg: my as unknown as typeof pg,
  blog: mysqlBlog,
  drivers: [
    mysqlDriver((client, settings) => Reflect.apply(mysql2, undefined, [client, { ...mysqlSettings, ...settings }])),
  ],
};

const sqliteBlog = blogOfSQLite(lite, orm);
const sqliteSettings = { schema: schemaOf(sqliteBlog) };

/** Drizzle 0.45 on SQLite. */
export const generation0SQLite: Generation = {
  ...generation0,
  dialect: 'sqlite',
  lacks: ['a lateral join'],
  pg: lite as unknown as typeof pg,
  blog: sqliteBlog,
  drivers: [
    libsqlDriver((client, settings) => Reflect.apply(libsql, undefined, [client, { ...sqliteSettings, ...settings }])),
  ],
  raw: (db, sql) => Reflect.apply(Reflect.get(db, 'all'), db, [sql]),
};
