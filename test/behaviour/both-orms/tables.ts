import { relations, sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

/*
 * The tables of test/fixtures/blog in Drizzle's words. Columns have other names here than in the database, and other ones
 * than Prisma gives them: what both ORMs share is the database's.
 */

const CASCADE = { onDelete: 'cascade', onUpdate: 'cascade' } as const;
const SET_NULL = { onDelete: 'set null', onUpdate: 'cascade' } as const;

export const role = pg.pgEnum('role', ['ADMIN', 'MEMBER', 'guest']);

export const companies = pg.pgTable('orgs', {
  key: pg.serial('id').primaryKey(),
  title: pg.text('name').notNull().unique(),
});

export const people = pg.pgTable('users', {
  key: pg.serial('id').primaryKey(),
  address: pg.text('email').notNull().unique(),
  name: pg.text('name').notNull(),
  role: role('role').notNull().default('MEMBER'),
  score: pg.integer('score').notNull().default(0),
  balance: pg.numeric('balance', { precision: 18, scale: 4 }).notNull().default('0'),
  since: pg.timestamp('created_at', { precision: 3 }).notNull().defaultNow(),
  company: pg.integer('org_id').references(() => companies.key, SET_NULL),
});

export const profiles = pg.pgTable('profiles', {
  key: pg.serial('id').primaryKey(),
  about: pg.text('bio').notNull(),
  person: pg
    .integer('user_id')
    .notNull()
    .unique()
    .references(() => people.key, CASCADE),
});

export const categories = pg.pgTable('categories', {
  key: pg.serial('id').primaryKey(),
  title: pg.text('name').notNull().unique(),
  above: pg.integer('parent_id').references((): pg.AnyPgColumn => categories.key, { onDelete: 'set null' }),
});

export const articles = pg.pgTable(
  'posts',
  {
    key: pg.serial('id').primaryKey(),
    slug: pg.text('slug').notNull().unique(),
    title: pg.text('title').notNull(),
    isPublic: pg.boolean('published').notNull().default(false),
    seen: pg.integer('views').notNull().default(0),
    writer: pg
      .integer('author_id')
      .notNull()
      .references(() => people.key, CASCADE),
    reviewer: pg.integer('reviewer_id').references(() => people.key, SET_NULL),
    category: pg.integer('category_id').references(() => categories.key, { onDelete: 'restrict', onUpdate: 'cascade' }),
  },
  (table) => [pg.unique().on(table.writer, table.title)],
);

export const remarks = pg.pgTable('comments', {
  key: pg.serial('id').primaryKey(),
  words: pg.text('text').notNull(),
  article: pg
    .integer('post_id')
    .notNull()
    .references(() => articles.key, CASCADE),
  writer: pg.integer('author_id').references(() => people.key, SET_NULL),
});

export const labels = pg.pgTable('tags', {
  key: pg.serial('id').primaryKey(),
  label: pg.text('label').notNull().unique(),
});

/** Prisma has no model of it: it is in the schema as a list at either end. */
export const articleLabels = pg.pgTable(
  '_PostToTag',
  {
    article: pg
      .integer('A')
      .notNull()
      .references(() => articles.key, CASCADE),
    label: pg
      .integer('B')
      .notNull()
      .references(() => labels.key, CASCADE),
  },
  (table) => [pg.primaryKey({ columns: [table.article, table.label] })],
);

export const seats = pg.pgTable(
  'memberships',
  {
    person: pg
      .integer('user_id')
      .notNull()
      .references(() => people.key, CASCADE),
    company: pg
      .integer('org_id')
      .notNull()
      .references(() => companies.key, CASCADE),
    title: pg.text('title').notNull().default('member'),
  },
  (table) => [pg.primaryKey({ columns: [table.person, table.company] })],
);

export const articleCounts = pg.pgView('post_stats').as((query) =>
  query
    .select({ writer: articles.writer, articles: sql<number>`count(*)::integer`.as('posts') })
    .from(articles)
    .groupBy(articles.writer),
);

export const peopleRelations = relations(people, ({ one, many }) => ({
  company: one(companies, { fields: [people.company], references: [companies.key] }),
  articles: many(articles),
}));
export const articleRelations = relations(articles, ({ one, many }) => ({
  writer: one(people, { fields: [articles.writer], references: [people.key] }),
  remarks: many(remarks),
  labels: many(articleLabels),
}));
export const remarkRelations = relations(remarks, ({ one }) => ({
  article: one(articles, { fields: [remarks.article], references: [articles.key] }),
  writer: one(people, { fields: [remarks.writer], references: [people.key] }),
}));
export const articleLabelRelations = relations(articleLabels, ({ one }) => ({
  article: one(articles, { fields: [articleLabels.article], references: [articles.key] }),
  label: one(labels, { fields: [articleLabels.label], references: [labels.key] }),
}));
