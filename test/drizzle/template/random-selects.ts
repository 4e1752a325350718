import {
  and,
  asc,
  between,
  count,
  desc,
  eq,
  exists,
  gt,
  ilike,
  inArray,
  isNull,
  like,
  ne,
  not,
  or,
  relations,
  type SQL,
  sql,
} from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import * as pg from 'drizzle-orm/pg-core';
import type { Dice } from '../../core/sql/random-dice.js';

/* Queries of 0.45 at random. What one is built of is decided by one die, and what it asks for by another. */

const mood = pg.pgEnum('mood', ['glad', 'sad']);
/** Becomes SQL for some values, and a parameter for others. */
const point = pg.customType<{ data: number; driverData: unknown }>({
  dataType: () => 'point',
  toDriver: (value) => (value % 2 === 0 ? value * 10 : sql`point(${value}, 0)`),
});

export const users = pg.pgTable('users', {
  id: pg.serial('id').primaryKey(),
  name: pg.text('name').notNull(),
  active: pg.boolean('active').notNull(),
  verified: pg.boolean('verified').notNull(),
  big: pg.bigint('big', { mode: 'bigint' }),
  born: pg.timestamp('born', { withTimezone: true }),
  settings: pg.jsonb('settings').$type<object>(),
  tags: pg.text('tags').array(),
  mood: mood('mood'),
  place: point('place'),
});
export const posts = pg.pgTable('posts', {
  id: pg.serial('id').primaryKey(),
  title: pg.text('title').notNull(),
  views: pg.integer('views').notNull(),
  authorId: pg.integer('author_id').references(() => users.id),
});
const comments = pg.pgTable('comments', {
  id: pg.serial('id').primaryKey(),
  text: pg.text('text').notNull(),
  postId: pg.integer('post_id').references(() => posts.id),
});
const schema = {
  users,
  posts,
  comments,
  userRelations: relations(users, ({ many }) => ({ posts: many(posts) })),
  postRelations: relations(posts, ({ one, many }) => ({
    author: one(users, { fields: [posts.authorId], references: [users.id] }),
    comments: many(comments),
  })),
  commentRelations: relations(comments, ({ one }) => ({
    post: one(posts, { fields: [comments.postId], references: [posts.id] }),
  })),
};

/** A database that builds queries and has nobody to ask. */
export const mockDatabase = () => drizzle.mock({ schema });

export type MockDatabase = ReturnType<typeof mockDatabase>;

interface Buildable {
  toSQL(): { readonly sql: string; readonly params: readonly unknown[] };
}

/** A query of any fields. */
interface Unitable {
  unionAll(right: unknown): { limit(rows: number): Buildable };
}

/** A query of which `shape` decides what it is built of, and `value` what its parameters are. */
export function randomQuery(db: MockDatabase, shape: Dice, value: Dice): Buildable {
  return shape.oneIn(3) ? randomRelational(db, shape, value) : randomSelect(db, shape, value);
}

function randomSelect(db: MockDatabase, shape: Dice, value: Dice): Buildable {
  const other = pg.alias(users, 'other');
  const fields = shape.one([
    undefined,
    { id: users.id, name: users.name },
    { id: users.id, upper: sql<string>`upper(${users.name} || ${value.one(['a', 'b'])})`.as('upper') },
    { n: count(), active: users.active },
    { user: { id: users.id, place: users.place }, much: sql`${users.id} * ${value.below(5)}`.mapWith(Number) },
  ]);
  const start = shape.one([
    () => (fields === undefined ? db.select() : db.select(fields)),
    () => (fields === undefined ? db.selectDistinct() : db.selectDistinct(fields)),
    () => db.selectDistinctOn([users.name, users.active], fields ?? { id: users.id }),
  ]);
  let query = start().from(users).$dynamic();
  if (shape.oneIn(3))
    query = query.leftJoin(posts, and(eq(posts.authorId, users.id), condition(db, shape, value))) as never;
  if (shape.oneIn(6)) query = query.innerJoin(other, eq(other.id, users.id)) as never;
  if (!shape.oneIn(4)) query = query.where(condition(db, shape, value));
  if (shape.oneIn(4)) query = query.groupBy(users.active).having(gt(count(), value.below(4)));
  if (shape.oneIn(2))
    query = query.orderBy(shape.one([asc(users.id), desc(users.name), sql`${users.id} % ${value.below(9)}`]));
  if (!shape.oneIn(3)) query = query.limit(shape.oneIn(5) ? 0 : value.below(30));
  if (shape.oneIn(3)) query = query.offset(value.below(3));
  if (shape.oneIn(8))
    query = query.for('update', { of: users, ...(shape.oneIn(2) ? { skipLocked: true } : { noWait: true }) });
  if (fields !== undefined && 'name' in fields && shape.oneIn(4)) {
    const right = db
      .select({ id: users.id, name: users.name })
      .from(users)
      .where(condition(db, shape, value));
    return (query as unknown as Unitable).unionAll(right).limit(value.below(20));
  }
  if (shape.oneIn(8)) {
    const inner = query.as('inner_users');
    return db
      .select({ one: sql`1` })
      .from(inner)
      .where(sql`${value.below(9)} > 0`);
  }
  return query;
}

function condition(db: MockDatabase, shape: Dice, value: Dice, depth = 0): SQL | undefined {
  const deeper = () => condition(db, shape, value, depth + 1);
  if (depth < 3 && shape.oneIn(2)) {
    return shape.one([
      () => and(deeper(), deeper()),
      () => or(deeper(), deeper(), deeper()),
      () => not(deeper() ?? sql`true`),
    ])();
  }
  const number = () => value.one([0, 1, 2, 2, 3, 10, -0, -7, Number.NaN]);
  const text = () => value.one(['', 'a', "it's", '$1', '1', 'ü😀']);
  return shape.one([
    () => eq(users.id, number()),
    () => ne(users.name, text()),
    () => and(eq(users.active, value.oneIn(2)), eq(users.verified, value.oneIn(2))),
    () => eq(users.big, value.one([1n, 2n, 2n ** 62n])),
    () => gt(users.born, new Date(value.below(1_000) * 86_400_000)),
    () => eq(users.settings, value.one([{ a: 1 }, { b: [1, null] }, {}])),
    () => eq(users.tags, value.one([['a'], ['a', 'b'], []])),
    () => eq(users.mood, value.one(['glad', 'sad'])),
    () => eq(users.place, value.below(4)),
    () => inArray(users.id, Array.from({ length: shape.below(4) }, number)),
    () => inArray(users.id, Array.from({ length: value.below(3) }, number)),
    () => between(users.id, number(), number()),
    () => like(users.name, text()),
    () => ilike(users.name, `%${text()}%`),
    () => isNull(users.born),
    () => undefined,
    () => sql`${users.id} = ${number()} and ${text()} <> ${users.name}`,
    () => sql`lower(${users.name}) = ${value.one([text(), null, number(), true])}`,
    () => sql`${users.id} = any(${sql.param(value.one([[1, 2], [3]]))})`,
    () => sql.join([sql`${number()}`, sql.raw(String(value.below(3))), sql.identifier('x')], sql`, `),
    () => sql`${users.id} > ${number()}`.inlineParams(),
    () => eq(users.id, sql`${number()} + 1`),
    () => eq(users.id, sql.placeholder('id')),
    () => exists(db.select({ one: sql`1` }).from(posts).where(eq(posts.views, number()))),
    () => inArray(users.id, db.select({ id: posts.authorId }).from(posts).where(gt(posts.views, number())).limit(5)),
  ])();
}

function randomRelational(db: MockDatabase, shape: Dice, value: Dice): Buildable {
  const number = () => value.one([0, 1, 2, 3, 10, -7]);
  const [first, second] = [number(), number()];
  const where = shape.one([
    undefined,
    gt(posts.views, first),
    (table: typeof posts._.columns, ops: { eq: typeof eq; and: typeof and }) =>
      ops.and(ops.eq(table.views, first), ops.eq(table.id, second)),
  ]);
  const written = {
    ...(where !== undefined && { where }),
    ...(shape.oneIn(2) && { limit: value.below(9) }),
    ...(shape.oneIn(3) && { offset: value.below(3) }),
    ...(shape.oneIn(2) && { orderBy: shape.one([asc(posts.id), [desc(posts.title), posts.id]]) }),
    ...(shape.oneIn(3) && {
      orderBy: (table: typeof posts._.columns, ops: { desc: typeof desc }) => ops.desc(table.id),
    }),
    ...(shape.oneIn(3) && { columns: shape.one([{ id: true }, { title: false }, { id: true, views: undefined }]) }),
    ...(shape.oneIn(3) && { extras: { more: sql<number>`${posts.views} + ${number()}`.as('more') } }),
    ...(shape.oneIn(5) && {
      extras: { more: sql<number>`${posts.views}`.mapWith((views: number) => -views).as('more') },
    }),
    ...(shape.oneIn(2) && {
      with: {
        ...(shape.oneIn(2) && {
          author: shape.one([true, { columns: { name: true } }, { with: { posts: { limit: 2 } } }]),
        }),
        ...(shape.oneIn(2) && {
          comments: shape.one([
            true,
            { where: eq(comments.text, value.one(['x', 'y'])), limit: value.below(4) },
            undefined,
          ]),
        }),
      },
    }),
  };
  const config = written as Parameters<typeof db.query.posts.findMany>[0];
  return shape.oneIn(3) ? db.query.posts.findFirst(config) : db.query.posts.findMany(config);
}
