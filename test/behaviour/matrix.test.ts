import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, askAll } from '../support/ask.js';
import { type Blog, createBlogDatabase, openBlog, openPlain } from '../support/blog.js';
import { type MatrixRow, matrixTable } from '../support/matrix-table.js';
import { SecondProcess } from '../support/second-process/index.js';
import { sharedRedis, type TestDatabase, uniqueNamespace } from '../support/services/index.js';
import { RAW_FUNCTIONS } from './catalogue/raw-writes.js';
import { READS } from './catalogue/reads.js';
import { SEED } from './catalogue/seed.js';
import type { Write } from './catalogue/write.js';
import { WRITES } from './catalogue/writes.js';

/*
 * Every write against every read, in two processes that share a Redis: both hold every read in memory, one writes, and
 * what each of them answers afterwards is compared with the database.
 */

const rows: MatrixRow[] = [];

let database: TestDatabase;
let admin: pg.Client;
let here: Blog;
let there: SecondProcess;
let plain: ReturnType<typeof openPlain>;

beforeAll(async () => {
  database = await createBlogDatabase();
  await database.execute(RAW_FUNCTIONS);
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  // Nothing here is about a slow Redis: a busy machine must not make the caches step aside.
  const options = { redis: { url: await sharedRedis(), deadline: '5s' }, namespace: uniqueNamespace() } as const;
  here = openBlog(database.url, options);
  plain = openPlain(database.url);
  there = await SecondProcess.start({ databaseUrl: database.url, options });
  // A cache opens with its first read, and hears nothing before.
  await there.call('ask', { names: ['user by id'] });
});

afterAll(async () => {
  console.log(matrixTable('', READS.length, rows));
  await there.close();
  await here.close();
  await plain.close();
  await admin.end();
  await database.drop();
});

/**
 * The same rows again, and every read in the memory of both processes.
 *
 * A process that the machine stopped for longer than `maxStaleness` may distrust what it has: then both begin again.
 */
async function warm(): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await warmOnce();
      return;
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

async function warmOnce(): Promise<void> {
  await admin.query(SEED);
  await here.db.$cache.clear();
  await hear();
  const first = [await askAll(here, READS), await there.call('ask', {})];
  const second = [await askAll(here, READS), await there.call('ask', {})];

  expect(origins(first[0])).toEqual(READS.map(({ name }) => `${name}: miss origin`));
  expect(origins(first[1])).toEqual(READS.map(({ name }) => `${name}: hit redis`));
  for (const answers of second) expect(origins(answers)).toEqual(READS.map(({ name }) => `${name}: hit memory`));
}

/** What the database says. */
async function truth(): Promise<string[]> {
  const texts: string[] = [];
  for (const { ask } of READS) texts.push(plain.textOf(await ask(plain.client)));
  return texts;
}

/** Waits until the other process has heard what this one wrote. */
async function hear(): Promise<number> {
  return there.call('hear', { seq: here.db.$cache.stats().log.seq ?? 0 });
}

/** Writes here, and compares what both processes answer with the database. */
async function play(write: Write): Promise<{ row: MatrixRow; stale: string[]; survivors: string[] }> {
  await warm();
  const before = await truth();

  await write.run(here.anyDb);
  const answers = await askAll(here, READS);
  await hear();
  const elsewhere = await there.call('ask', {});

  const after = await truth();
  const stale = [answers, elsewhere].map((given) => given.filter(({ text }, at) => text !== after[at]));
  const survivors = [answers, elsewhere].map((given) => given.filter(({ source }) => source === 'memory'));
  const row: MatrixRow = {
    name: write.name,
    changed: after.filter((text, at) => text !== before[at]).length,
    stale: [stale[0]?.length ?? 0, stale[1]?.length ?? 0],
    survived: [survivors[0]?.length ?? 0, survivors[1]?.length ?? 0],
  };
  return { row, stale: stale.flat().map(({ name }) => name), survivors: survivors[0]?.map(({ name }) => name) ?? [] };
}

for (const write of WRITES) {
  it(`after ${write.name}, no read is stale in either process`, async () => {
    const { row, stale, survivors } = await play(write);
    rows.push(row);

    expect(stale).toEqual([]);
    expect(row.changed).toBeGreaterThan(0);
    expect(survivors).toEqual(expect.arrayContaining([...(write.spares ?? [])]));
    // What was loaded again is cached again, and right.
    const again = await askAll(here, READS);
    expect(again.map(({ status }) => status)).toEqual(READS.map(() => 'hit'));
    expect(again.map(({ text }) => text)).toEqual(await truth());
  });
}

it('a write outside of the library makes a read stale, so the matrix can fail', async () => {
  const { stale } = await play({
    name: 'past the library',
    run: () => admin.query("UPDATE users SET name = 'Past' WHERE id = 1"),
  });

  expect(stale.filter((name) => name === 'user by id')).toHaveLength(2);
});

it('a write that does not change the row of a read by id keeps that entry', async () => {
  const { row, survivors } = await play({
    name: 'update of a user whom no read by id names',
    run: (db) => db.user.update({ where: { id: 6 }, data: { score: 1 } }),
  });
  rows.push(row);

  expect(survivors).toEqual(
    expect.arrayContaining(['user by id', 'user by id, another', 'user by unique field', 'user who is not there']),
  );
});

function origins(answers: readonly Answer[] | undefined): string[] {
  return answers?.map(({ name, status, source }) => `${name}: ${status} ${source}`) ?? [];
}
