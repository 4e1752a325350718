import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { BlogDb } from './drizzle-blog.js';
import {
  articleCounts,
  articleLabels,
  articles,
  categories,
  companies,
  labels,
  people,
  profiles,
  remarks,
  seats,
} from './tables.js';

/** A query of Drizzle's, asked of a database that caches or of one that does not. */
export type DrizzleRead = (db: BlogDb) => PromiseLike<unknown>;

/** Reads of every table, in each of Drizzle's ways. */
export const DRIZZLE_READS = {
  'person by key': (db) => db.select().from(people).where(eq(people.key, 1)),
  'person by key, another': (db) => db.select().from(people).where(eq(people.key, 5)),
  'person by address': (db) => db.select().from(people).where(eq(people.address, 'u2@x.org')),
  'person who is not there': (db) => db.select().from(people).where(eq(people.address, 'new@x.org')),
  'profile by its person': (db) => db.select().from(profiles).where(eq(profiles.person, 1)),
  'profile by its person, another': (db) => db.select().from(profiles).where(eq(profiles.person, 3)),
  'seat by its two keys': (db) =>
    db
      .select()
      .from(seats)
      .where(and(eq(seats.person, 1), eq(seats.company, 1))),
  people: (db) => db.select().from(people).orderBy(asc(people.key)),
  profiles: (db) => db.select().from(profiles).orderBy(asc(profiles.key)),
  seats: (db) => db.select().from(seats).orderBy(asc(seats.person), asc(seats.company)),
  companies: (db) => db.select().from(companies).orderBy(asc(companies.key)),
  categories: (db) => db.select().from(categories).orderBy(asc(categories.key)),
  remarks: (db) => db.select().from(remarks).orderBy(asc(remarks.key)),
  'articles with their writers': (db) =>
    db.select().from(articles).innerJoin(people, eq(articles.writer, people.key)).orderBy(asc(articles.key)),
  'labels with their articles': (db) =>
    db
      .select()
      .from(labels)
      .leftJoin(articleLabels, eq(articleLabels.label, labels.key))
      .orderBy(asc(labels.key), asc(articleLabels.article)),
  'articles per writer, a view': (db) => db.select().from(articleCounts).orderBy(asc(articleCounts.writer)),
  'number of articles seen': (db) => db.$count(articles, gt(articles.seen, 250)),
  'relations, three deep': (db) =>
    db.query.articles.findMany({
      with: {
        writer: { with: { company: true } },
        remarks: { with: { writer: true }, orderBy: asc(remarks.key) },
        labels: { with: { label: true } },
      },
      orderBy: asc(articles.key),
    }),
  'one person, with relations': (db) =>
    db.query.people.findFirst({
      where: eq(people.key, 3),
      with: { articles: { orderBy: asc(articles.key) }, company: true },
    }),
  'raw SQL': (db) =>
    db.execute(
      sql`select u.name, count(p.id) as posts, sum(p.views) as views from users u left join posts p on p.author_id = u.id group by u.id, u.name order by u.id`,
    ),
} satisfies Readonly<Record<string, DrizzleRead>>;

export type DrizzleReadName = keyof typeof DRIZZLE_READS;
