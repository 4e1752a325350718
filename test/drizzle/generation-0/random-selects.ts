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
  type SQL,
  sql,
} from 'drizzle-orm';
import type { Dice } from '../../core/sql/random-dice.js';
import { type Language, type MockDatabase, POSTGRES } from './random-schemas.js';

/* Queries of 0.45 at random. What one is built of is decided by one die, and what it asks for by another. */

export const { users, posts } = POSTGRES.tables;

/** A database that builds queries and has no connection. */
export const mockDatabase = () => POSTGRES.mock();

export type { MockDatabase };

export interface Buildable {
  toSQL(): { readonly sql: string; readonly params: readonly unknown[] };
}

interface Subject {
  readonly db: MockDatabase;
  readonly language: Language;
  readonly shape: Dice;
  readonly value: Dice;
}

/** What every builder can do, whatever its fields are. */
type Loose = Buildable & {
  [Method in 'union' | 'unionAll' | 'except' | 'orderBy' | 'limit' | 'offset' | 'where' | 'innerJoin' | 'fullJoin']: (
    ...given: unknown[]
  ) => Loose;
} & { as(name: string): never; getSQL(): SQL };

class List extends Array<number> {}

/** A query of which `shape` decides what it is built of, and `value` what its parameters are. */
export function randomQuery(db: MockDatabase, language: Language, shape: Dice, value: Dice): Buildable {
  const subject = { db, language, shape, value };
  return shape.oneIn(3) ? randomRelational(subject) : randomSelect(subject);
}

function randomSelect(subject: Subject): Buildable {
  const { db, language, shape, value } = subject;
  const { users, posts, comments } = language.tables;
  const postgres = language.name.startsWith('PostgreSQL');
  const mysql = language.name.startsWith('MySQL');
  const other = language.alias(users, 'other');
  const fields = shape.one<undefined | Record<string, unknown>>([
    undefined,
    { id: users.id, name: users.name },
    { id: users.id, upper: sql<string>`upper(${users.name} || ${value.one(['a', 'b'])})`.as('upper') },
    { n: count(), active: users.active },
    { user: { id: users.id, place: users.place }, much: sql`${users.id} * ${value.below(5)}`.mapWith(Number) },
    { user: users, seen: users.lastSeen, born: sql`max(${users.born})`.mapWith(users.born) },
    { one: sql.raw('1'), list: sql`${[users.id, value.below(3)]}` },
  ]);
  const given = fields as never;
  const start = shape.one([
    () => (fields === undefined ? db.select() : db.select(given)),
    () => (fields === undefined ? db.selectDistinct() : db.selectDistinct(given)),
    () => (postgres ? db.selectDistinctOn([users.name, users.active], given ?? { id: users.id }) : db.select()),
  ]);
  const hint = mysql && shape.oneIn(4) ? [{ useIndex: shape.one(['one', ['one', 'two']]) }] : [];
  const begun = start() as unknown as { from(...sources: unknown[]): { $dynamic(): Loose } };
  let query = begun.from(users, ...hint).$dynamic();
  const dynamic = query as unknown as {
    leftJoin(...given: unknown[]): Loose;
    rightJoin(...given: unknown[]): Loose;
    groupBy(...given: unknown[]): { having(condition: unknown): Loose };
    for(...given: unknown[]): Loose;
  };
  if (shape.oneIn(3)) {
    const on = and(eq(posts.authorId, users.id), condition(subject));
    query = shape.oneIn(2) ? dynamic.leftJoin(posts, on) : dynamic.rightJoin(posts, on);
  }
  if (shape.oneIn(6)) query = query.innerJoin(other, eq(other.id, users.id));
  if (shape.oneIn(8)) query = query.fullJoin?.(comments, condition(subject)) ?? query;
  if (!shape.oneIn(4)) query = query.where(condition(subject));
  if (shape.oneIn(4)) query = dynamic.groupBy(users.active).having(gt(count(), value.below(4)));
  if (shape.oneIn(2))
    query = query.orderBy(shape.one([asc(users.id), desc(users.name), sql`${users.id} % ${value.below(9)}`]));
  if (!shape.oneIn(3))
    query = query.limit(shape.one([0, value.below(30), value.below(30), -0, -1, sql.placeholder('some'), null]));
  if (shape.oneIn(3)) query = query.offset(value.below(3));
  if (shape.oneIn(8) && !language.name.startsWith('SQLite'))
    query = dynamic.for('update', { of: users, ...(shape.oneIn(2) ? { skipLocked: true } : { noWait: true }) });
  if (fields !== undefined && 'name' in fields && shape.oneIn(2)) return combined(subject, query);
  return contained(subject, query);
}

/** `query` with others behind it. */
function combined(subject: Subject, query: Loose): Buildable {
  const { db, language, shape, value } = subject;
  const { users, posts } = language.tables;
  const right = db.select({ id: users.id, name: users.name }).from(users).where(condition(subject)).$dynamic();
  const by = desc(users.id);
  let all = query[shape.one(['union', 'unionAll', 'except'] as const)](right);
  if (shape.oneIn(2)) all = all.orderBy(by);
  if (shape.oneIn(2)) all = all.limit(value.below(20));
  if (shape.oneIn(3)) all = all.union(db.select({ id: posts.id, name: posts.title }).from(posts).limit(value.below(4)));
  if (shape.oneIn(3)) {
    const part = all.as('part');
    all.limit(7 + value.below(2));
    right.limit(3);
    return db.select().from(part);
  }
  // It was changed by the union that was ordered by it.
  if (shape.oneIn(4)) {
    all.toSQL();
    return db.select({ id: users.id }).from(users).orderBy(by);
  }
  return all;
}

/** `query`, or another that it is a part of. */
function contained({ db, language, shape, value }: Subject, query: Loose): Buildable {
  const { users } = language.tables;
  if (!shape.oneIn(4)) return query;
  const fields = { one: sql`1` };
  return shape.one<() => Buildable>([
    () =>
      db
        .select(fields)
        .from(query.as('inner_users'))
        .where(sql`${value.below(9)} > 0`),
    () => db.select(fields).from(sql`generate_series(1, ${value.below(9)})`),
    () => {
      const part = query.getSQL();
      query.limit(value.below(4)).where(undefined);
      return db.select(fields).from(users).where(sql`exists (${part})`);
    },
    () => {
      const part = db.$with('part').as(query as never);
      return db.with(part).select(fields).from(part).limit(value.below(9));
    },
    () => written(db, query.getSQL()),
    () => written(db, query.getSQL().append(sql` -- ${value.below(9)}`)),
    () => written(db, query.getSQL().inlineParams()),
  ])();
}

/** What a database makes of SQL itself. */
function written(db: MockDatabase, made: SQL): Buildable {
  const { dialect } = db as unknown as { readonly dialect: { sqlToQuery(made: SQL): ReturnType<Buildable['toSQL']> } };
  return { toSQL: () => dialect.sqlToQuery(made) };
}

function condition(subject: Subject, depth = 0): SQL | undefined {
  const { db, language, shape, value } = subject;
  const { users, posts, comments } = language.tables;
  const deeper = () => condition(subject, depth + 1);
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
    () => eq(users.settings, value.one([{ a: 1 }, { b: [1, null] }, {}, { a: undefined }, { toJSON: () => 'c' }])),
    () => eq(users.tags, value.one([['a'], ['a', 'b'], []])),
    () => eq(users.mood, value.one(['glad', 'sad'])),
    () => eq(users.place, value.below(4)),
    () => eq(users.secret, value.one(['open', 'shut'])),
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
    () => sql`${users.id} in ${value.one([[1, 2], [2, 1], List.from([1, 2]), List.from([1]), new Date(7), 8, 9])}`,
    () => sql`${users.settings} = ${value.one([Buffer.from('a'), new Date(0), new Map(), Object.create(Date)])}`,
    () => sql.join([sql`${number()}`, sql.raw(String(value.below(3))), sql.identifier('x')], sql`, `),
    () => sql`${users.id} > ${number()}`.inlineParams(),
    () => eq(users.id, sql`${number()} + 1`),
    () => eq(users.id, sql.placeholder('id')),
    () => eq(users.lastSeen, number()),
    () => sql`${users} is not null and ${comments.text} = ${text()} and ${undefined} true`,
    () => exists(db.select({ one: sql`1` }).from(posts).where(eq(posts.views, number()))),
    () => exists(language.builder().select({ one: sql`1` }).from(posts).where(eq(posts.views, number()))),
    () => inArray(users.id, db.select({ id: posts.authorId }).from(posts).where(gt(posts.views, number())).limit(5)),
    () => {
      const [left, right] = [number(), number()].map((views) =>
        db.select({ id: posts.id }).from(posts).where(eq(posts.views, views)),
      ) as unknown as [Loose, Loose];
      return inArray(users.id, left.union(right).orderBy(posts.id) as never);
    },
  ])();
}

type Columns = typeof posts._.columns;

interface Operators {
  readonly eq: typeof eq;
  readonly and: typeof and;
  readonly exists: typeof exists;
}

function randomRelational(subject: Subject): Buildable {
  const { db, shape } = subject;
  const config = relational(subject, 0) as Parameters<typeof db.query.articles.findMany>[0];
  return shape.oneIn(3) ? db.query.articles.findFirst(config) : db.query.articles.findMany(config);
}

function relational(subject: Subject, depth: number): object {
  const { db, language, shape, value } = subject;
  const { users, posts, comments } = language.tables;
  const number = () => value.one([0, 1, 2, 3, 10, -7]);
  const [first, second] = [number(), number()];
  const where = shape.one([
    undefined,
    gt(posts.views, first),
    (table: Columns, ops: Operators) => ops.and(ops.eq(table.views, first), ops.eq(table.id, second)),
    // Draws when it is called: who calls it twice gets something else.
    (table: Columns, ops: Operators) => ops.eq(table.views, number()),
    (table: Columns, ops: Operators) => ops.exists(db.select().from(posts).where(ops.eq(posts.parentId, table.id))),
    (_: Columns, ops: Operators) => ops.exists(db.select().from(posts).where(ops.eq(posts.parentId, posts.id))),
    () => undefined,
  ]);
  const written = {
    ...(where !== undefined && { where }),
    ...(shape.oneIn(2) && { limit: value.below(9) }),
    ...(shape.oneIn(3) && { offset: value.below(3) }),
    ...(shape.oneIn(2) && { orderBy: shape.one([asc(posts.id), [desc(posts.title), posts.id]]) }),
    ...(shape.oneIn(3) && {
      orderBy: (table: Columns, ops: { desc: typeof desc }) => [ops.desc(table.id), sql`${table.views} % ${number()}`],
    }),
    ...(shape.oneIn(3) && {
      columns: shape.one([{ id: true }, { title: false }, { id: true, views: undefined }, { id: 1 }, {}]),
    }),
    ...(shape.oneIn(3) && { extras: { more: sql<number>`${posts.views} + ${number()}`.as('more') } }),
    ...(shape.oneIn(4) && {
      extras: (table: Columns, ops: { sql: typeof sql }) => ({
        more: ops.sql<number>`${table.views} + ${number()}`.mapWith(posts.views).as('more'),
      }),
    }),
    ...(shape.oneIn(5) && {
      extras: { more: sql<number>`${posts.views}`.mapWith((views: number) => -views).as('more') },
    }),
    ...(depth < 2 &&
      shape.oneIn(2) && {
        with: {
          ...(shape.oneIn(2) && {
            author: shape.one([
              true,
              { columns: { name: true } },
              { with: { articles: { limit: 2 } } },
              { limit: 1 + value.below(3), where: eq(users.active, value.oneIn(2)) },
            ]),
          }),
          ...(shape.oneIn(2) && {
            remarks: shape.one([
              true,
              { where: eq(comments.text, value.one(['x', 'y'])), limit: value.below(4) },
              undefined,
            ]),
          }),
          ...(shape.oneIn(2) && { children: shape.oneIn(3) ? false : relational(subject, depth + 1) }),
          ...(shape.oneIn(5) && { parent: relational(subject, depth + 1) }),
          ...(shape.oneIn(30) && { nobody: true }),
        },
      }),
  };
  return shape.oneIn(9) ? (Object.create(written) as object) : written;
}
