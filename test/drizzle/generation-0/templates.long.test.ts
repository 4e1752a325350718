import { withCachetastic } from '@cachetastic/drizzle';
import { eq, gt, type SQL, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { QueryTemplates } from '../../../packages/drizzle/src/generation-0/query-templates.js';
import { Dice } from '../../core/sql/random-dice.js';
import { LANGUAGES } from './random-schemas.js';
import { type MockDatabase, mockDatabase, posts, randomQuery, users } from './random-selects.js';

const SEED = Number(process.env['RANDOM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const SHAPES = Number(process.env['RANDOM_SHAPES'] ?? 800);
/** How many queries of each shape, with different values. */
const EACH = 8;

/** What a query is sent as, or how building it fails. */
function written(build: () => ReturnType<typeof randomQuery>): unknown {
  try {
    return build().toSQL();
  } catch (error) {
    return String(error);
  }
}

describe('a query with the shape of an earlier one', () => {
  it.each(LANGUAGES)(`has the SQL of Drizzle: $name (RANDOM_SEED=${SEED})`, (language) => {
    const plain = language.mock();
    const { base, builds } = counted(language.mock());
    const wrapped = withCachetastic(base) as unknown as MockDatabase;
    let [asked, untouched] = [0, 0];

    for (let shape = 0; shape < SHAPES; shape += 1) {
      for (let round = 0; round < EACH; round += 1) {
        const dice = () => [new Dice(SEED + shape), new Dice(SEED * 31 + shape * EACH + round)] as const;
        const before = builds();
        const ours = written(() => randomQuery(wrapped, language, ...dice()));
        asked += 1;
        if (builds() === before) untouched += 1;
        const theirs = written(() => randomQuery(plain, language, ...dice()));
        expect(ours, `shape ${shape}, round ${round}`).toEqual(theirs);
      }
    }

    console.log(`${untouched} of ${asked} queries were written without Drizzle`);
    expect(untouched).toBeGreaterThan(asked / 5);
  });

  it.each(LANGUAGES)('is built without Drizzle even if it has relations: $name', (language) => {
    const { base, builds } = counted(language.mock());
    const wrapped = withCachetastic(base) as unknown as MockDatabase;
    const ask = (limit: number) => wrapped.query.people.findMany({ with: { articles: true }, limit }).toSQL();
    const learned = [1, 2, 3].map(ask).at(-1);
    const before = builds();

    expect(ask(3)).toEqual(learned);
    expect(builds()).toBe(before);
  });

  it('keeps the state of its builder from when it became part of another query', () => {
    const [plain, wrapped] = [mockDatabase(), withCachetastic(mockDatabase()) as unknown as MockDatabase];
    const build = (db: MockDatabase) => {
      const inner = db.select({ id: users.id }).from(users).where(gt(users.id, 3)).$dynamic();
      const part = inner.getSQL();
      inner.limit(5).orderBy(users.id);
      return [db.select().from(users).where(sql`${users.id} in ${part}`), inner];
    };

    for (let round = 0; round < 3; round += 1) {
      expect(build(wrapped).map((query) => query.toSQL())).toEqual(build(plain).map((query) => query.toSQL()));
    }
  });

  it('includes changes that the application made to its SQL object', () => {
    const [plain, wrapped] = [mockDatabase(), withCachetastic(mockDatabase()) as unknown as MockDatabase];
    const build = (db: MockDatabase) => {
      const appended = db.select().from(users).where(eq(users.id, 1)).getSQL().append(sql` limit ${4}`);
      const inlined = db.select().from(users).where(eq(users.id, 1)).getSQL().inlineParams();
      return [appended, inlined].map((made) => dialectOf(db).sqlToQuery(made));
    };

    for (let round = 0; round < 3; round += 1) {
      expect(byId(wrapped)).toEqual(byId(plain));
      expect(build(wrapped)).toEqual(build(plain));
    }
  });

  it('fails with the error of Drizzle before it is sent', () => {
    const wrapped = withCachetastic(mockDatabase()) as unknown as MockDatabase;
    byId(wrapped);
    const build = () => wrapped.select({ title: posts.title }).from(users).toSQL();

    for (let round = 0; round < 3; round += 1) expect(build).toThrow(/"posts" is not part of the query/);
  });

  it('does not fill the memory with shapes that are never used again', () => {
    const templates = new QueryTemplates();
    const built = { sql: 'select 1', params: [] };
    const shape = (text: string) => ({ text, values: [], hasDecoders: true, ownDecoders: true });

    templates.learn(shape('first'), built);
    for (let other = 0; other < 1_000; other += 1) templates.learn(shape(`other ${other}`), built);

    expect(templates.build(shape('first'))).toBeUndefined();
    expect(templates.build(shape('other 999'))?.built).toEqual(built);
  });
});

const byId = (db: MockDatabase) => db.select().from(users).where(eq(users.id, 1)).toSQL();

function dialectOf(db: MockDatabase): { sqlToQuery(made: SQL): unknown } {
  return (db as unknown as { readonly dialect: { sqlToQuery(made: SQL): unknown } }).dialect;
}

/** `base`, whose dialect counts what it puts together. */
function counted(base: MockDatabase): { readonly base: MockDatabase; readonly builds: () => number } {
  const { dialect } = base as unknown as { readonly dialect: Record<string, (...given: unknown[]) => unknown> };
  let builds = 0;
  for (const method of BUILDERS) {
    const build = dialect[method];
    if (build === undefined) continue;
    dialect[method] = function (this: unknown, ...given) {
      builds += 1;
      return build.apply(this, given);
    };
  }
  return { base, builds: () => builds };
}

const BUILDERS = [
  'buildSelectQuery',
  'buildRelationalQueryWithoutPK',
  'buildRelationalQuery',
  'buildRelationalQueryWithoutLateralSubqueries',
];
