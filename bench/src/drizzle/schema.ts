import { relations } from 'drizzle-orm';
import { boolean, integer, numeric, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';

/* The two tables that the measurements read, in Drizzle's words. */

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 }).notNull();

export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  email: text('email').notNull().unique(),
  name: text('name').notNull(),
  bio: text('bio'),
  active: boolean('active').notNull(),
  balance: numeric('balance', { precision: 12, scale: 2 }).notNull(),
  createdAt: instant('created_at'),
  updatedAt: instant('updated_at'),
});

export const posts = pgTable('posts', {
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

export const userRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
export const postRelations = relations(posts, ({ one }) => ({
  author: one(users, { fields: [posts.authorId], references: [users.id] }),
}));
