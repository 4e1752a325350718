import { relations, sql } from 'drizzle-orm';
import { drizzle as libsql } from 'drizzle-orm/libsql';
import * as my from 'drizzle-orm/mysql-core';
import { drizzle as mysql2 } from 'drizzle-orm/mysql2';
import { drizzle as nodePostgres } from 'drizzle-orm/node-postgres';
import * as pg from 'drizzle-orm/pg-core';
import * as lite from 'drizzle-orm/sqlite-core';

/* One schema in three languages. In code, the tables are called otherwise than in the database. */

/** Becomes SQL for some values, and a parameter for others. */
const point = {
  dataType: () => 'point',
  toDriver: (value: number) => (value % 2 === 0 ? value * 10 : sql`point(${value}, 0)`),
};
/** Makes something else of the same value each time. */
let sealed = 0;
const seal = {
  dataType: () => 'text',
  toDriver: (value: string) => {
    sealed += 1;
    return value === 'open' ? value : Buffer.from(value);
  },
};
/** How often something was sealed. */
export const timesSealed = () => sealed;

type Point = { data: number; driverData: unknown };
type Seal = { data: string; driverData: unknown };

const mood = pg.pgEnum('mood', ['glad', 'sad']);
const pgPoint = pg.customType<Point>(point);
const pgSeal = pg.customType<Seal>(seal);
const hidden = pg.pgSchema('hidden');

const users = pg.pgTable('users', {
  id: pg.serial('id').primaryKey(),
  name: pg.text('name').notNull(),
  active: pg.boolean('active').notNull(),
  verified: pg.boolean('verified').notNull(),
  big: pg.bigint('big', { mode: 'bigint' }),
  born: pg.timestamp('born', { withTimezone: true }),
  settings: pg.jsonb('settings').$type<object>(),
  tags: pg.text('tags').array(),
  mood: mood('mood'),
  place: pgPoint('place'),
  secret: pgSeal('secret'),
  // Named by `casing`, if that is given.
  lastSeen: pg.integer(),
});
const posts = pg.pgTable('posts', {
  id: pg.serial('id').primaryKey(),
  title: pg.text('title').notNull(),
  views: pg.integer('views').notNull(),
  authorId: pg.integer('author_id').references(() => users.id),
  parentId: pg.integer('parent_id'),
});
const comments = hidden.table('comments', {
  id: pg.serial('id').primaryKey(),
  text: pg.text('text').notNull(),
  postId: pg.integer('post_id').references(() => posts.id),
});

const myPoint = my.customType<Point>(point);
const mySeal = my.customType<Seal>(seal);
const myUsers = my.mysqlTable('users', {
  id: my.serial('id').primaryKey(),
  name: my.text('name').notNull(),
  active: my.boolean('active').notNull(),
  verified: my.boolean('verified').notNull(),
  big: my.bigint('big', { mode: 'bigint' }),
  born: my.timestamp('born'),
  settings: my.json('settings').$type<object>(),
  tags: my.json('tags').$type<string[]>(),
  mood: my.mysqlEnum('mood', ['glad', 'sad']),
  place: myPoint('place'),
  secret: mySeal('secret'),
  lastSeen: my.int(),
});
const myPosts = my.mysqlTable('posts', {
  id: my.serial('id').primaryKey(),
  title: my.text('title').notNull(),
  views: my.int('views').notNull(),
  authorId: my.int('author_id').references(() => myUsers.id),
  parentId: my.int('parent_id'),
});
const myComments = my.mysqlSchema('hidden').table('comments', {
  id: my.serial('id').primaryKey(),
  text: my.text('text').notNull(),
  postId: my.int('post_id').references(() => myPosts.id),
});

const litePoint = lite.customType<Point>(point);
const liteSeal = lite.customType<Seal>(seal);
const liteUsers = lite.sqliteTable('users', {
  id: lite.integer('id').primaryKey(),
  name: lite.text('name').notNull(),
  active: lite.integer('active', { mode: 'boolean' }).notNull(),
  verified: lite.integer('verified', { mode: 'boolean' }).notNull(),
  big: lite.numeric('big', { mode: 'bigint' }),
  born: lite.integer('born', { mode: 'timestamp_ms' }),
  settings: lite.text('settings', { mode: 'json' }).$type<object>(),
  tags: lite.text('tags', { mode: 'json' }).$type<string[]>(),
  mood: lite.text('mood', { enum: ['glad', 'sad'] }),
  place: litePoint('place'),
  secret: liteSeal('secret'),
  lastSeen: lite.integer(),
});
const litePosts = lite.sqliteTable('posts', {
  id: lite.integer('id').primaryKey(),
  title: lite.text('title').notNull(),
  views: lite.integer('views').notNull(),
  authorId: lite.integer('author_id').references(() => liteUsers.id),
  parentId: lite.integer('parent_id'),
});
const liteComments = lite.sqliteTable('comments', {
  id: lite.integer('id').primaryKey(),
  text: lite.text('text').notNull(),
  postId: lite.integer('post_id').references(() => litePosts.id),
});

const pgTables = { users, posts, comments };
type Tables = typeof pgTables;

function schemaOf(tables: Tables) {
  const people = tables.users;
  const articles = tables.posts;
  const remarks = tables.comments;
  return {
    people,
    articles,
    remarks,
    peopleRelations: relations(people, ({ many }) => ({ articles: many(articles) })),
    articleRelations: relations(articles, ({ one, many }) => ({
      author: one(people, { fields: [articles.authorId], references: [people.id] }),
      parent: one(articles, { fields: [articles.parentId], references: [articles.id], relationName: 'tree' }),
      children: many(articles, { relationName: 'tree' }),
      remarks: many(remarks),
    })),
    remarkRelations: relations(remarks, ({ one }) => ({
      article: one(articles, { fields: [remarks.postId], references: [articles.id] }),
    })),
  };
}

const pgSchema = schemaOf(pgTables);
const pgMock = () => nodePostgres.mock({ schema: pgSchema });

/** A database that builds queries and has no connection. */
export type MockDatabase = ReturnType<typeof pgMock>;

/** What random queries are made of in one language. The others are taken for PostgreSQL, which can do most. */
export interface Language {
  readonly name: string;
  readonly tables: Tables;
  readonly alias: typeof pg.alias;
  readonly builder: () => Pick<MockDatabase, 'select'>;
  readonly mock: () => MockDatabase;
}

const pgLanguage: Language = {
  name: 'PostgreSQL',
  tables: pgTables,
  alias: pg.alias,
  builder: () => new pg.QueryBuilder() as unknown as MockDatabase,
  mock: pgMock,
};

const myTables = { users: myUsers, posts: myPosts, comments: myComments } as unknown as Tables;
const mySchema = schemaOf(myTables);
const myLanguage = {
  tables: myTables,
  alias: my.alias as unknown as typeof pg.alias,
  builder: () => new my.QueryBuilder() as unknown as MockDatabase,
};

const liteTables = { users: liteUsers, posts: litePosts, comments: liteComments } as unknown as Tables;
const liteSchema = schemaOf(liteTables);

export const LANGUAGES: readonly Language[] = [
  pgLanguage,
  {
    ...pgLanguage,
    name: 'PostgreSQL in snake case',
    mock: () => nodePostgres.mock({ schema: pgSchema, casing: 'snake_case' }),
  },
  {
    ...myLanguage,
    name: 'MySQL',
    mock: () => mysql2.mock({ schema: mySchema as never, mode: 'default' }) as unknown as MockDatabase,
  },
  {
    ...myLanguage,
    name: 'MySQL of PlanetScale',
    mock: () => mysql2.mock({ schema: mySchema as never, mode: 'planetscale' }) as unknown as MockDatabase,
  },
  {
    name: 'SQLite',
    tables: liteTables,
    alias: lite.alias as unknown as typeof pg.alias,
    builder: () => new lite.QueryBuilder() as unknown as MockDatabase,
    mock: () => libsql.mock({ schema: liteSchema as never }) as unknown as MockDatabase,
  },
];

export const POSTGRES = pgLanguage;
