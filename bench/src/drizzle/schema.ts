import type * as PgCore from 'drizzle-orm/pg-core';

/** The two tables that the measurements read, in the words of either generation of Drizzle. */
export function tablesOf({ boolean, integer, numeric, pgTable, serial, text, timestamp }: typeof PgCore) {
  const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 }).notNull();
  const users = pgTable('users', {
    id: serial('id').primaryKey(),
    email: text('email').notNull().unique(),
    name: text('name').notNull(),
    bio: text('bio'),
    active: boolean('active').notNull(),
    balance: numeric('balance', { precision: 12, scale: 2 }).notNull(),
    createdAt: instant('created_at'),
    updatedAt: instant('updated_at'),
  });
  const posts = pgTable('posts', {
    id: serial('id').primaryKey(),
    title: text('title').notNull(),
    body: text('body').notNull(),
    published: boolean('published').notNull(),
    views: integer('views').notNull(),
    createdAt: instant('created_at'),
    authorId: integer('author_id')
      .notNull()
      .references(() => users.id),
  });
  return { users, posts };
}

export type Tables = ReturnType<typeof tablesOf>;
