import { and, eq, sql } from 'drizzle-orm';
import type { BlogDb } from './drizzle-blog.js';
import { articleLabels, articles, categories, companies, labels, people, profiles, remarks, seats } from './tables.js';

/** A write of Drizzle's that changes what some read of Prisma's catalogue answers. */
export interface DrizzleWrite {
  /** Reads of that catalogue that must survive: its keys say that it touches none of their rows. */
  readonly spares?: readonly string[];
  run(db: BlogDb): Promise<unknown>;
}

const OTHERS_BY_ID = ['user by id, another', 'user or throw'];
const PEOPLE = [
  'user by id',
  'user by unique field',
  'user who is not there',
  'users by role and score',
  ...OTHERS_BY_ID,
];

/** Thrown on purpose. */
class Undone extends Error {
  override readonly name = 'Undone';
}

export const DRIZZLE_WRITES: Readonly<Record<string, DrizzleWrite>> = {
  insert: {
    run: async (db) => db.insert(people).values({ address: 'new@x.org', name: 'New' }),
    spares: ['membership by compound id', 'category tree'],
  },
  'update by a key': {
    run: async (db) => db.update(people).set({ name: 'Adele' }).where(eq(people.key, 1)),
    spares: [...OTHERS_BY_ID, 'membership by compound id', 'profiles, counted', 'category tree'],
  },
  'update by a unique column': {
    run: async (db) => db.update(profiles).set({ about: 'rests' }).where(eq(profiles.person, 3)),
    spares: [...PEOPLE, 'posts with tags'],
  },
  'update by a column of another name': {
    run: async (db) => db.update(articles).set({ seen: 1_000 }).where(eq(articles.writer, 1)),
    spares: PEOPLE,
  },
  'insert, or update on a conflict': {
    run: async (db) =>
      db
        .insert(people)
        .values({ address: 'u2@x.org', name: 'Benno' })
        .onConflictDoUpdate({ target: people.address, set: { name: 'Benno' } }),
  },
  'move a row to another': {
    run: async (db) => db.update(articles).set({ writer: 3 }).where(eq(articles.key, 1)),
    spares: PEOPLE,
  },
  'delete that cascades': {
    run: async (db) => db.delete(people).where(eq(people.key, 1)),
    spares: [...OTHERS_BY_ID, 'category tree'],
  },
  'delete that sets to null': { run: async (db) => db.delete(companies).where(eq(companies.key, 1)) },
  'delete that sets to null in the same table': {
    run: async (db) => db.delete(categories).where(eq(categories.title, 'branch')),
    spares: PEOPLE,
  },
  'update of a key that cascades': {
    run: async (db) => db.update(companies).set({ key: 100 }).where(eq(companies.key, 1)),
  },
  'delete by a key of two columns': {
    run: async (db) => db.delete(seats).where(and(eq(seats.person, 1), eq(seats.company, 2))),
    spares: [...PEOPLE, 'membership by compound id'],
  },
  'link rows': {
    run: async (db) => db.insert(articleLabels).values({ article: 4, label: 1 }),
    spares: [...PEOPLE, 'comments on posts of Ada'],
  },
  'unlink rows by a cascade': { run: async (db) => db.delete(labels).where(eq(labels.key, 2)), spares: PEOPLE },
  'insert several, returning': {
    run: async (db) =>
      db
        .insert(remarks)
        .values([
          { words: 'seventh', article: 1, writer: 4 },
          { words: 'eighth', article: 2 },
        ])
        .returning({ key: remarks.key }),
    spares: [...PEOPLE, 'posts with tags'],
  },
  'a transaction': {
    run: (db) =>
      db.transaction(async (tx) => {
        await tx.update(people).set({ score: 77 }).where(eq(people.key, 1));
        await tx.delete(remarks).where(eq(remarks.key, 1));
        const undone = tx.transaction(async (inner) => {
          await inner.update(people).set({ score: 78 }).where(eq(people.key, 5));
          throw new Undone();
        });
        await undone.catch((error: unknown) => {
          if (!(error instanceof Undone)) throw error;
        });
      }),
    spares: ['user by id, another', 'membership by compound id', 'category tree'],
  },
  'raw SQL': {
    run: async (db) => db.execute(sql`update users set name = 'Raw' where id = ${1}`),
    spares: [...OTHERS_BY_ID, 'category tree'],
  },
  'raw SQL, two writes in one': {
    run: async (db) =>
      db.execute(
        sql`with gone as (delete from posts where id = 1 returning author_id) update users set score = 0 from gone where users.id = gone.author_id`,
      ),
  },
};
