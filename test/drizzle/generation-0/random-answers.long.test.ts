import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { Dice } from '../../core/sql/random-dice.js';
import { blogOn, forEachDriver } from '../support/blog.js';
import type { CachedBlog } from '../support/generation.js';
import { generation0 } from '../support/generation-0.js';

const SEED = Number(process.env['RANDOM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const ROUNDS = Number(process.env['RANDOM_ROUNDS'] ?? 400);

const { users, posts } = generation0.blog;
const loud = pg.customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  fromDriver: (text) => text.toUpperCase(),
});
/* The same tables as others see them. */
const texts = pg.pgTable('users', { id: pg.serial('id'), born: pg.timestamp('born', { mode: 'string' }) });
const dates = pg.pgTable('users', { id: pg.serial('id'), born: pg.timestamp('born', { withTimezone: true }) });
const loudly = pg.pgTable('users', { id: pg.serial('id'), born: loud('born') });
const swapped = pg.pgTable('users', { born: pg.serial('id'), id: pg.timestamp('born') });

type Ask = (db: CachedBlog) => PromiseLike<unknown>;

/** A question of a few, many of which send the same SQL and read the rows in another way. */
function randomAsk(dice: Dice): Ask {
  const id = 1 + dice.below(3);
  const decode = dice.one<(value: SQL) => SQL>([
    (value) => value,
    (value) => value.mapWith(Number),
    (value) => value.mapWith(String),
    (value) => value.mapWith((found: unknown) => [found]),
    (value) => value.mapWith(dates.born),
  ]);
  const table = dice.one([texts, dates, loudly]) as typeof texts;
  const join = dice.one(['leftJoin', 'innerJoin', 'rightJoin', 'fullJoin'] as const);
  const one = { where: eq(posts.id, id), limit: 1 };
  const key = dice.one(['a', 'b']);
  return dice.one<Ask>([
    (db) => db.select().from(table).where(eq(table.id, id)),
    (db) =>
      db
        .select({ [key]: table.born })
        .from(table)
        .where(eq(table.id, id)),
    (db) =>
      db
        .select({ [key]: { id: table.id }, more: { born: table.born } })
        .from(table)
        .where(eq(table.id, id)),
    (db) =>
      db
        .select({ [key]: table })
        .from(table)
        .where(eq(table.id, id)),
    (db) => db.select().from(swapped).where(eq(swapped.born, id)),
    (db) =>
      db
        .select({ [key]: decode(sql`${users.born}`) })
        .from(users)
        .where(eq(users.id, id)),
    (db) =>
      db
        .select({ [key]: decode(sql`${users.born}`).as('it') })
        .from(users)
        .where(eq(users.id, id)),
    (db) =>
      db
        .select()
        [`from`](posts)
        [join](users, and(eq(users.id, posts.authorId), gt(users.id, id)))
        .orderBy(asc(posts.id), asc(users.id)),
    (db) =>
      db
        .select({ [key]: { id: users.id, name: users.name }, title: posts.title })
        .from(posts)
        [join](users, and(eq(users.id, posts.authorId), gt(users.id, id)))
        .orderBy(asc(posts.id), asc(users.id)),
    (db) => db.query.posts.findMany(one),
    (db) => db.query.posts.findFirst(one),
    (db) => db.query.posts.findFirst({ ...one, with: { author: true } }),
    (db) => db.query.posts.findMany({ ...one, with: { author: true } }),
    (db) => db.query.posts.findMany({ ...one, with: { author: { columns: { [dice.one(['id', 'score'])]: true } } } }),
    (db) => db.query.posts.findMany({ ...one, extras: { [key]: decode(sql`${posts.views}`).as('it') } }),
    (db) => db.query.users.findMany({ with: { posts: { orderBy: asc(posts.id), limit: id } }, orderBy: asc(users.id) }),
    (db) => {
      const prepared = db
        .select()
        .from(table)
        .where(eq(table.id, sql.placeholder('id')))
        .prepare('prepared');
      return prepared
        .execute({ id })
        .then(() => prepared.execute({ id }))
        .then(() => prepared.execute({ id }));
    },
    (db) =>
      db
        .execute(db.select().from(table).where(eq(table.id, id)))
        .then((answer) => Array.from((answer as { rows?: unknown[] }).rows ?? (answer as never))),
  ]);
}

/** Changes what a caller may change of an answer. */
function spoil(answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) return;
  if (answer instanceof Date) answer.setTime(0);
  else for (const value of Object.values(answer)) spoil(value);
  if (Array.isArray(answer)) answer.length = 0;
  else Object.assign(answer, { spoiled: true });
}

forEachDriver(generation0, describe, (driver) => {
  const { open } = blogOn(generation0, driver);

  it(`random results are those of Drizzle, for every caller (RANDOM_SEED=${SEED})`, async () => {
    const { db, base } = await open();
    const cached = db.$cached();
    const plain = base as unknown as CachedBlog;
    for (let round = 0; round < ROUNDS; round += 1) {
      const seed = SEED + new Dice(SEED + round).below(120);
      const expected = await randomAsk(new Dice(seed))(plain);
      for (let again = 0; again < 3; again += 1) {
        const answer = await randomAsk(new Dice(seed))(cached);
        expect(answer, `round ${round}, question ${seed}`).toStrictEqual(expected);
        spoil(answer);
      }
      if (round % 50 === 49) {
        await db
          .update(users)
          .set({ name: `Name ${round}`, born: new Date(round * 1_000) })
          .where(eq(users.id, 1));
        await db
          .update(posts)
          .set({ title: `Title ${round}`, views: round })
          .where(eq(posts.id, 1));
      }
    }
  });
});
