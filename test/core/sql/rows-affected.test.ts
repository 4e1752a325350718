import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Footprint } from '../../../packages/core/src/match/footprint.js';
import { mayAffect } from '../../../packages/core/src/match/may-affect.js';
import type { ReturnedRow } from '../../../packages/core/src/sql/index.js';
import { createDatabase, type TestDatabase } from '../../support/services/index.js';
import { Dice } from './random-dice.js';
import { RandomStatements, type Statement } from './random-statements.js';
import { reading, SMALL_SCHEMA_SQL, writing } from './small-schema.js';

const SECONDS = Number(process.env['RANDOM_SECONDS'] ?? 6);
const FIRST = Number(process.env['RANDOM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const READS = 12;
const WRITES = 5;

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createDatabase(SMALL_SCHEMA_SQL);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('set synchronous_commit = off');
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const ROWS = `
  delete from comments; delete from posts; delete from users; delete from orgs;
  insert into orgs values (1, 'one'), (2, 'two');
  insert into users (id, slug, name, score, procedure, org_id, boss_id) values
    (1, 'ann', 'Ann', 1, 0, 1, null), (2, 'bob', 'Bob', 0, 1, 1, 1), (3, 'cy', 'Cy', 2, null, 2, 1), (4, null, null, null, 1, null, 3);
  insert into posts values (1, 1, 'p'), (2, 1, 'q'), (3, 2, 'r'), (4, null, null);
  insert into comments values (1, 1, null, 'c'), (2, 1, 1, 'd'), (3, 3, null, 'e')`;

/** The rows in an order of their own: without an order that was asked for, any is right. */
async function answer({ sql, parameters }: Statement): Promise<string | undefined> {
  const result = await ran({ sql, parameters }, false);
  return result && JSON.stringify(result.map((row) => JSON.stringify(row)).toSorted());
}

/** @returns The rows; `undefined` if the database refused it, and so it did nothing. */
async function ran({ sql, parameters }: Statement, asArrays: boolean): Promise<readonly ReturnedRow[] | undefined> {
  try {
    const values = [...parameters];
    const { rows } = asArrays
      ? await client.query({ text: sql, values, rowMode: 'array' })
      : await client.query<Record<string, unknown>>(sql, values);
    return rows as readonly ReturnedRow[];
  } catch (error) {
    if (error instanceof pg.DatabaseError) return undefined;
    throw error;
  }
}

describe('the rows that a write changes', () => {
  it(
    `invalidate every query whose result they change: statements from seed ${FIRST} on`,
    async () => {
      const until = performance.now() + SECONDS * 1000;
      const counts = { reads: 0, writes: 0, unchanged: 0, heard: 0, heardInVain: 0 };
      for (let seed = FIRST; performance.now() < until; seed++) {
        const dice = new Dice(seed);
        const statements = new RandomStatements(dice);
        await client.query(ROWS);
        let cached = await readsOf(statements);
        counts.reads += cached.length;
        for (let more = WRITES; more > 0; more--) {
          const write = statements.write();
          const asArrays = dice.oneIn(2);
          const rows = await ran(write, asArrays);
          if (rows === undefined) continue;
          counts.writes++;
          const { changes } = writing(write.sql, write.parameters, 'postgresql', rows);
          const kept: Cached[] = [];
          for (const entry of cached) {
            const heard = changes.some((change) => mayAffect(entry.footprint, change));
            // Who heard asks again. Some of them are counted, to see that they had to.
            if (heard && !dice.oneIn(4)) continue;
            const now = await answer(entry.statement);
            const same = now === entry.answer;
            if (heard) counts[same ? 'heardInVain' : 'heard']++;
            else expect({ seed, write, read: entry.statement, changes, same }).toMatchObject({ same: true });
            if (!heard) counts.unchanged++;
            kept.push({ ...entry, answer: now });
          }
          cached = kept;
        }
      }
      console.info(`seeds ${FIRST} …: ${JSON.stringify(counts)}`);

      // Who hears of everything misses nothing, and keeps nothing.
      expect(counts.heard).toBeGreaterThan(0);
      expect(counts.unchanged).toBeGreaterThan(counts.heardInVain);
    },
    SECONDS * 1000 + 60_000,
  );
});

interface Cached {
  readonly statement: Statement;
  readonly footprint: Footprint;
  readonly answer: string | undefined;
}

/** Answers as a cache would have them. */
async function readsOf(statements: RandomStatements): Promise<readonly Cached[]> {
  const cached: Cached[] = [];
  for (let more = READS; more > 0; more--) {
    const statement = statements.read();
    const found = reading(statement.sql, statement.parameters);
    const first = await answer(statement);
    if (found.cacheable && first !== undefined) cached.push({ statement, footprint: found.footprint, answer: first });
  }
  return cached;
}
