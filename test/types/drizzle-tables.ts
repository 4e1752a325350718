import * as my from 'drizzle-orm/mysql-core';
import { integer, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';
import * as lite from 'drizzle-orm/sqlite-core';

export const users = pgTable('users', { id: serial().primaryKey(), name: text().notNull(), born: timestamp() });
export const posts = pgTable('posts', { id: serial().primaryKey(), authorId: integer().references(() => users.id) });
export const people = my.mysqlTable('people', { id: my.int().primaryKey() });
export const things = lite.sqliteTable('things', { id: lite.integer().primaryKey() });
