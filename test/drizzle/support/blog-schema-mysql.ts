import type * as Root from 'drizzle-orm';
import type * as MySqlCore from 'drizzle-orm/mysql-core';
import type { Blog } from './blog-schema.js';

/** The tables of the blog on MySQL and MariaDB, as SQL, one statement each. */
export const BLOG_MYSQL: readonly string[] = [
  `CREATE TABLE users (
    id int AUTO_INCREMENT PRIMARY KEY, email varchar(200) NOT NULL UNIQUE, name varchar(200) NOT NULL,
    score int NOT NULL DEFAULT 0, born datetime(3), settings json
  )`,
  `CREATE TABLE posts (
    id int AUTO_INCREMENT PRIMARY KEY, title varchar(200) NOT NULL, views int NOT NULL DEFAULT 0, author_id int,
    FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
  )`,
  `CREATE TABLE comments (
    id int AUTO_INCREMENT PRIMARY KEY, text varchar(200) NOT NULL, post_id int NOT NULL, user_id int,
    FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE
  )`,
  'CREATE TABLE tags (id int AUTO_INCREMENT PRIMARY KEY, label varchar(200) NOT NULL UNIQUE)',
  `CREATE TABLE post_tags (
    post_id int NOT NULL, tag_id int NOT NULL, PRIMARY KEY (post_id, tag_id),
    FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
  )`,
  'CREATE VIEW busy_users AS SELECT users.id, users.name FROM users JOIN posts ON posts.author_id = users.id',
  'CREATE VIEW busiest_users AS SELECT id, name FROM busy_users WHERE id > 0',
  'CREATE VIEW quiet_users AS SELECT id, name FROM users WHERE NOT EXISTS (SELECT 1 FROM posts WHERE author_id = users.id)',
];

/** The same tables in Drizzle's words; typed as those of PostgreSQL, which have the same names. */
export function blogOfMySql(my: typeof MySqlCore, { eq, gt }: typeof Root): Blog {
  const users = my.mysqlTable('users', {
    id: my.int('id').autoincrement().primaryKey(),
    email: my.varchar('email', { length: 200 }).notNull().unique(),
    name: my.varchar('name', { length: 200 }).notNull(),
    score: my.int('score').notNull().default(0),
    born: my.datetime('born', { fsp: 3 }),
    settings: my.json('settings').$type<{ theme: string }>(),
  });
  const posts = my.mysqlTable('posts', {
    id: my.int('id').autoincrement().primaryKey(),
    title: my.varchar('title', { length: 200 }).notNull(),
    views: my.int('views').notNull().default(0),
    authorId: my.int('author_id').references(() => users.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
  });
  const comments = my.mysqlTable(
    'comments',
    {
      id: my.int('id').autoincrement().primaryKey(),
      text: my.varchar('text', { length: 200 }).notNull(),
      postId: my.int('post_id').notNull(),
      userId: my.int('user_id').references(() => users.id, { onDelete: 'set null', onUpdate: 'cascade' }),
    },
    (table) => [my.foreignKey({ columns: [table.postId], foreignColumns: [posts.id] }).onDelete('cascade')],
  );
  const tags = my.mysqlTable('tags', {
    id: my.int('id').autoincrement().primaryKey(),
    label: my.varchar('label', { length: 200 }).notNull().unique(),
  });
  const postTags = my.mysqlTable(
    'post_tags',
    {
      postId: my
        .int('post_id')
        .notNull()
        .references(() => posts.id, { onDelete: 'cascade' }),
      tagId: my
        .int('tag_id')
        .notNull()
        .references(() => tags.id, { onDelete: 'cascade' }),
    },
    (table) => [my.primaryKey({ columns: [table.postId, table.tagId] })],
  );
  const busyUsers = my
    .mysqlView('busy_users')
    .as((query) =>
      query.select({ id: users.id, name: users.name }).from(users).innerJoin(posts, eq(posts.authorId, users.id)),
    );
  const busiestUsers = my
    .mysqlView('busiest_users')
    .as((query) => query.select({ id: busyUsers.id, name: busyUsers.name }).from(busyUsers).where(gt(busyUsers.id, 0)));
  const quietUsers = my.mysqlView('quiet_users', { id: my.int('id'), name: my.text('name') }).existing();
  return { users, posts, comments, tags, postTags, busyUsers, busiestUsers, quietUsers } as unknown as Blog;
}
