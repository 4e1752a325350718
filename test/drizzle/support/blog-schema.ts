import type * as Root from 'drizzle-orm';
import type * as PgCore from 'drizzle-orm/pg-core';

/** The tables of the blog on PostgreSQL, as SQL. Rows that belong to others go with them. */
export const BLOG_SQL = `
  CREATE TABLE users (
    id serial PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL, score integer NOT NULL DEFAULT 0,
    born timestamptz, settings jsonb
  );
  CREATE TABLE posts (
    id serial PRIMARY KEY, title text NOT NULL, views integer NOT NULL DEFAULT 0,
    author_id integer REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE
  );
  CREATE TABLE comments (
    id serial PRIMARY KEY, text text NOT NULL,
    post_id integer NOT NULL REFERENCES posts ON DELETE CASCADE,
    user_id integer REFERENCES users ON DELETE SET NULL
  );
  CREATE TABLE tags (id serial PRIMARY KEY, label text NOT NULL UNIQUE);
  CREATE TABLE post_tags (
    post_id integer NOT NULL REFERENCES posts ON DELETE CASCADE,
    tag_id integer NOT NULL REFERENCES tags ON DELETE CASCADE,
    PRIMARY KEY (post_id, tag_id)
  );
  CREATE VIEW busy_users AS SELECT users.id, users.name FROM users JOIN posts ON posts.author_id = users.id;
  CREATE VIEW busiest_users AS SELECT id, name FROM busy_users WHERE id > 0;
  CREATE VIEW quiet_users AS SELECT id, name FROM users WHERE NOT EXISTS (SELECT 1 FROM posts WHERE author_id = users.id);
  CREATE MATERIALIZED VIEW user_names AS SELECT id, name FROM users;
`;

/** The same tables in Drizzle's words, made by either generation. */
export function blogOf(pg: typeof PgCore, { eq, gt, sql }: typeof Root) {
  const users = pg.pgTable('users', {
    id: pg.serial('id').primaryKey(),
    email: pg.text('email').notNull().unique(),
    name: pg.text('name').notNull(),
    score: pg.integer('score').notNull().default(0),
    born: pg.timestamp('born', { withTimezone: true, precision: 3 }),
    settings: pg.jsonb('settings').$type<{ theme: string }>(),
  });
  const posts = pg.pgTable('posts', {
    id: pg.serial('id').primaryKey(),
    title: pg.text('title').notNull(),
    views: pg.integer('views').notNull().default(0),
    authorId: pg.integer('author_id').references(() => users.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
  });
  const comments = pg.pgTable(
    'comments',
    {
      id: pg.serial('id').primaryKey(),
      text: pg.text('text').notNull(),
      postId: pg.integer('post_id').notNull(),
      userId: pg.integer('user_id').references(() => users.id, { onDelete: 'set null' }),
    },
    (table) => [pg.foreignKey({ columns: [table.postId], foreignColumns: [posts.id] }).onDelete('cascade')],
  );
  const tags = pg.pgTable('tags', { id: pg.serial('id').primaryKey(), label: pg.text('label').notNull().unique() });
  const postTags = pg.pgTable(
    'post_tags',
    {
      postId: pg
        .integer('post_id')
        .notNull()
        .references(() => posts.id, { onDelete: 'cascade' }),
      tagId: pg
        .integer('tag_id')
        .notNull()
        .references(() => tags.id, { onDelete: 'cascade' }),
    },
    (table) => [pg.primaryKey({ columns: [table.postId, table.tagId] })],
  );
  const busyUsers = pg
    .pgView('busy_users')
    .as((query) =>
      query.select({ id: users.id, name: users.name }).from(users).innerJoin(posts, eq(posts.authorId, users.id)),
    );
  const busiestUsers = pg
    .pgView('busiest_users')
    .as((query) => query.select({ id: busyUsers.id, name: busyUsers.name }).from(busyUsers).where(gt(busyUsers.id, 0)));
  const quietUsers = pg.pgView('quiet_users', { id: pg.integer('id'), name: pg.text('name') }).existing();
  const userNames = pg
    .pgMaterializedView('user_names')
    .as((query) => query.select({ id: users.id, name: users.name }).from(users).where(sql`true`));
  return { users, posts, comments, tags, postTags, busyUsers, busiestUsers, quietUsers, userNames };
}

export type Blog = ReturnType<typeof blogOf>;
