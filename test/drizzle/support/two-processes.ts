import { afterAll, beforeAll, expect } from 'vitest';
import type { MatrixRow } from '../../support/matrix-table.js';
import { type Answer, askAll, truthOf } from './answers.js';
import { sharedCache } from './blog.js';
import type { CachedBlog, Connection, Driver, DriverDatabase, Generation } from './generation.js';
import { type OtherProcess, startOtherProcess } from './other-process/index.js';
import { type Read, readsOf } from './reads.js';

/** What {@link twoProcesses} saw of one write. */
export interface Played {
  readonly row: MatrixRow;
  /** The reads whose answers were not what the database says. */
  readonly stale: readonly string[];
}

/** This process and another one on a database of `driver`: both hold every read in memory, and share only Redis. */
export function twoProcesses(generation: Generation, driver: Driver, database: () => DriverDatabase) {
  const reads = readsOf(generation);
  let here: Connection & { readonly db: CachedBlog };
  let there: OtherProcess;

  beforeAll(async () => {
    const options = await sharedCache();
    const connection = await database().connect();
    here = { ...connection, db: generation.withCachetastic(connection.base, options) };
    there = await startOtherProcess(generation, driver, database(), options);
    // A cache opens with its first read, and hears nothing before.
    await there.call('ask', {});
  });

  afterAll(async () => {
    await there?.close();
    await here?.db.$cache.close();
    await here?.close();
  });

  /** Has both processes hold every read in memory, as the rows are now. @returns What they hold. */
  async function warm(): Promise<readonly Answer[][]> {
    await here.db.$cache.clear();
    const { seq } = here.db.$cache.stats().log;
    const first = [await askAll(here.db, reads), await there.call('ask', heard(seq))] as const;
    expect(origins(first[0])).toEqual(everyRead('miss origin'));
    // Answers of another driver are not those of this one: such processes share the log, and nothing else in Redis.
    expect(origins(first[1])).toEqual(everyRead(driver.elsewhere === undefined ? 'hit redis' : 'miss origin'));

    const held = [await askAll(here.db, reads), await there.call('ask', {})];
    for (const answers of held) expect(origins(answers)).toEqual(everyRead('hit memory'));
    return held;
  }

  /** Writes here, and compares what both processes answer with what the database says. */
  async function play(name: string, write: Read): Promise<Played> {
    const before = await warm();
    await write(here.db);

    const { seq } = here.db.$cache.stats().log;
    const answers = [await askAll(here.db, reads), await there.call('ask', heard(seq))] as const;

    const after = await truth();
    const stale = answers.map((given, at) => given.filter(({ text }, read) => text !== after[at]?.[read]));
    const kept = answers.map((given) => given.filter(({ source }) => source === 'memory').length);
    const changed = after.map((texts, at) => texts.filter((text, read) => text !== before[at]?.[read]?.text).length);
    expect(changed[1]).toBe(changed[0]);
    const row: MatrixRow = {
      name,
      changed: changed[0] ?? 0,
      stale: [stale[0]?.length ?? 0, stale[1]?.length ?? 0],
      survived: [kept[0] ?? 0, kept[1] ?? 0],
    };
    return { row, stale: stale.flatMap((given, at) => given.map(({ name: read }) => `${WHERE[at]}: ${read}`)) };
  }

  /** Each process asks past its cache: two drivers may show the same value in different ways. */
  function truth(): Promise<readonly [string[], string[]]> {
    return Promise.all([truthOf(here.base as CachedBlog, reads), there.call('truth')]);
  }

  function everyRead(origin: string): string[] {
    return Object.keys(reads).map((name) => `${name}: ${origin}`);
  }

  return { play, reads: Object.keys(reads).length };
}

const WHERE = ['here', 'there'];

function heard(seq: number | undefined): { heard: number } {
  if (seq === undefined) throw new Error('This process follows no log');
  return { heard: seq };
}

function origins(answers: readonly Answer[]): string[] {
  return answers.map(({ name, status, source }) => `${name}: ${status} ${source}`);
}
