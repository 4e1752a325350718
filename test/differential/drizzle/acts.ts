import { Dice } from '../../behaviour/random/dice.js';
import type { Statements } from '../../behaviour/random/raw-writes.js';
import { rowsIn } from '../../drizzle/support/answers.js';
import type { RawRead } from '../prisma/statements.js';
import type { Act } from '../world.js';
import type { Db, Language, Maker, Query } from './language.js';
import { randomPrepared, randomRead } from './reads.js';
import { randomWrite } from './writes.js';

/** What random acts of one world are made with. */
export interface Source {
  readonly language: Language;
  /** Builds queries, and has no database. */
  readonly mock: Db;
  readonly reads: readonly ((id: () => number) => RawRead)[];
  readonly writes: Statements;
}

/** Makes a random read of `seed`. */
export function readOf(source: Source, seed: number): Act {
  const { language, reads } = source;
  const start = new Dice(seed);
  const kind = start.pick([...Array<'built'>(10).fill('built'), 'raw', 'prepared'] as const);
  if (kind === 'raw') {
    const { sql } = start.pick(reads)(() => start.int(1, 5));
    return { text: () => sql, run: (db) => raw(language, db as Db, sql) };
  }
  const maker = (db: object): Maker => ({ language, db: db as Db, dice: new Dice(seed ^ 0x5bd1e995) });
  if (kind === 'built')
    return { text: () => textOf(() => randomRead(maker(source.mock))), run: (db) => randomRead(maker(db)) };
  return {
    text: () => `prepared ${textOf(() => randomPrepared(maker(source.mock)).query)}`,
    run(db) {
      const { query, values } = randomPrepared(maker(db));
      return query.prepare(`prepared_${seed}`).execute(values);
    },
  };
}

/** Told only in reports: to build a query once more takes time. */
type Lines = (() => string)[];
type Step = (db: Db) => PromiseLike<unknown>;

/** Makes a random write of `seed`. */
export function writeOf(source: Source, seed: number): Act {
  const dice = new Dice(seed);
  const { dialect } = source.language;
  const lines: Lines = [];
  const run = dice.weighted<Step>(
    [20, () => built(source, dice, lines)],
    [4, () => statement(source, dice, lines)],
    [3, () => transaction(source, dice, lines, 2)],
    [dialect === 'sqlite' ? 2 : 0, () => batch(source, dice, lines)],
  );
  return { text: () => lines.map((line) => line()).join('\n         '), run: (db) => run(db as Db) };
}

function built(source: Source, dice: Dice, lines: Lines): Step {
  const query = builder(source, dice, lines);
  return (db) => query(db);
}

function builder(source: Source, dice: Dice, lines: Lines): (db: Db) => Query {
  const seed = dice.int(0, 2 ** 31);
  const make = (db: Db): Query => randomWrite({ language: source.language, db, dice: new Dice(seed) });
  lines.push(() => textOf(() => make(source.mock)));
  return make;
}

function statement({ language, writes }: Source, dice: Dice, lines: Lines): Step {
  const sql = dice.pick(writes.filter((make) => !isSeveral(make)))(() => dice.int(1, 6));
  lines.push(() => sql);
  return (db) => raw(language, db, sql);
}

/** The drivers take one statement at a time. */
function isSeveral(make: Statements[number]): boolean {
  return make(() => 1).includes(';');
}

function transaction(source: Source, dice: Dice, lines: Lines, depth: number): Step {
  lines.push(() => 'transaction {');
  const steps = dice.list(1, 3, () =>
    dice.weighted<Step>(
      [6, () => built(source, dice, lines)],
      [1, () => statement(source, dice, lines)],
      [depth > 1 ? 2 : 0, () => transaction(source, dice, lines, depth - 1)],
    ),
  );
  const fails = dice.chance(0.25);
  const goesOn = dice.chance(0.3);
  lines.push(() => `}${fails ? ' rolled back' : ''}${goesOn ? ' going on after what fails' : ''}`);
  return (db) =>
    db.transaction(async (tx) => {
      for (const step of steps) {
        try {
          await step(tx);
        } catch (error) {
          if (!goesOn) throw error;
        }
      }
      if (fails) throw new Error('rolled back on purpose');
    });
}

function batch(source: Source, dice: Dice, lines: Lines): Step {
  lines.push(() => 'batch {');
  const queries = dice.list(1, 3, () => builder(source, dice, lines));
  lines.push(() => '}');
  return (db) => db.batch(queries.map((make) => make(db)));
}

/** Rows of classes that drivers make up are cached as plain ones. */
async function raw({ dialect, orm }: Language, db: Db, text: string): Promise<unknown> {
  const sql = orm.sql.raw(text);
  return structuredClone(rowsIn(await (dialect === 'sqlite' ? db.all(sql) : db.execute(sql))));
}

function textOf(make: () => Query): string {
  try {
    const { sql, params } = make().toSQL();
    return `${sql} ${JSON.stringify(params, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))}`;
  } catch (error) {
    return `(${String(error)})`;
  }
}
