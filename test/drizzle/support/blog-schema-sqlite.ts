import type * as Root from 'drizzle-orm';
import type * as SQLiteCore from 'drizzle-orm/sqlite-core';
import type { Blog } from './blog-schema.js';

/** The tables of the blog on SQLite, as SQL, one statement each. */
export const BLOG_SQLITE: readonly string[] = [
  `CREATE TABLE users (
    id integer PRIMARY KEY AUTOINCREMENT, email text NOT NULL UNIQUE, name text NOT NULL,
    score integer NOT NULL DEFAULT 0, born integer, settings text
  )`,
  `CREATE TABLE posts (
    id integer PRIMARY KEY AUTOINCREMENT, title text NOT NULL, views integer NOT NULL DEFAULT 0,
    author_id integer REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
  )`,
  `CREATE TABLE comments (
    id integer PRIMARY KEY AUTOINCREMENT, text text NOT NULL,
    post_id integer NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    user_id integer REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE
  )`,
  'CREATE TABLE tags (id integer PRIMARY KEY AUTOINCREMENT, label text NOT NULL UNIQUE)',
  `CREATE TABLE post_tags (
    post_id integer NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    tag_id integer NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (post_id, tag_id)
  )`,
  'CREATE VIEW busy_users AS SELECT users.id, users.name FROM users JOIN posts ON posts.author_id = users.id',
  'CREATE VIEW busiest_users AS SELECT id, name FROM busy_users WHERE id > 0',
  'CREATE VIEW quiet_users AS SELECT id, name FROM users WHERE NOT EXISTS (SELECT 1 FROM posts WHERE author_id = users.id)',
];

/** The same tables in Drizzle's words; typed as those of PostgreSQL, which have the same names. */
export function blogOfSQLite(lite: typeof SQLiteCore, { eq, gt }: typeof Root): Blog {
  const users = lite.sqliteTable('users', {
    id: lite.integer('id').primaryKey({ autoIncrement: true }),
    email: lite.text('email').notNull().unique(),
    name: lite.text('name').notNull(),
    score: lite.integer('score').notNull().default(0),
    born: lite.integer('born', { mode: 'timestamp_ms' }),
    settings: lite.text('settings', { mode: 'json' }).$type<{ theme: string }>(),
  });
  const posts = lite.sqliteTable('posts', {
    id: lite.integer('id').primaryKey({ autoIncrement: true }),
    title: lite.text('title').notNull(),
    views: lite.integer('views').notNull().default(0),
    authorId: lite.integer('author_id').references(() => users.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
  });
  const comments = lite.sqliteTable(
    'comments',
    {
      id: lite.integer('id').primaryKey({ autoIncrement: true }),
      text: lite.text('text').notNull(),
      postId: lite.integer('post_id').notNull(),
      userId: lite.integer('user_id').references(() => users.id, { onDelete: 'set null', onUpdate: 'cascade' }),
    },
    (table) => [lite.foreignKey({ columns: [table.postId], foreignColumns: [posts.id] }).onDelete('cascade')],
  );
  const tags = lite.sqliteTable('tags', {
    id: lite.integer('id').primaryKey({ autoIncrement: true }),
    label: lite.text('label').notNull().unique(),
  });
  const postTags = lite.sqliteTable(
    'post_tags',
    {
      postId: lite
        .integer('post_id')
        .notNull()
        .references(() => posts.id, { onDelete: 'cascade' }),
      tagId: lite
        .integer('tag_id')
        .notNull()
        .references(() => tags.id, { onDelete: 'cascade' }),
    },
    (table) => [lite.primaryKey({ columns: [table.postId, table.tagId] })],
  );
  const busyUsers = lite
    .sqliteView('busy_users')
    .as((query) =>
      query.select({ id: users.id, name: users.name }).from(users).innerJoin(posts, eq(posts.authorId, users.id)),
    );
  const busiestUsers = lite
    .sqliteView('busiest_users')
    .as((query) => query.select({ id: busyUsers.id, name: busyUsers.name }).from(busyUsers).where(gt(busyUsers.id, 0)));
  const quietUsers = lite.sqliteView('quiet_users', { id: lite.integer('id'), name: lite.text('name') }).existing();
  return { users, posts, comments, tags, postTags, busyUsers, busiestUsers, quietUsers } as unknown as Blog;
}
