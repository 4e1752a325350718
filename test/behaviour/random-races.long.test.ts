import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Blog, createBlogDatabase, openBlog } from '../support/blog.js';
import { randomFrom } from '../support/random.js';
import { SecondProcess } from '../support/second-process/index.js';
import { sharedRedis, type TestDatabase, uniqueNamespace } from '../support/services/index.js';
import { machineTime, type Sighting, VERSION_WRITES, VersionReaders } from '../support/versioned-reads.js';
import { SEED } from './catalogue/seed.js';

const UPDATES = 1_000;
const READERS = 4;
/** How old an answer may be in a process that did not write, in milliseconds. */
const MAX_STALENESS = 1_000;
const seed = Number(process.env['CACHETASTIC_TEST_SEED'] ?? Date.now() % 1_000_000);

let database: TestDatabase;
let here: Blog;
let there: SecondProcess;

beforeAll(async () => {
  database = await createBlogDatabase();
  await database.execute(SEED);
  await database.execute('UPDATE users SET score = 0 WHERE id = 1');
  const options = { redis: { url: await sharedRedis(), deadline: '5s' }, namespace: uniqueNamespace() } as const;
  here = openBlog(database.url, options);
  there = await SecondProcess.start({ databaseUrl: database.url, options });
});

afterAll(async () => {
  await there.close();
  await here.close();
  await database.drop();
});

/** When each version was acknowledged: `acknowledged[n]` for version n. */
const acknowledged: number[] = [0];

/** The versions that were acknowledged by `time`. */
function versionAt(time: number): number {
  let [low, high] = [0, acknowledged.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((acknowledged[middle] ?? Number.POSITIVE_INFINITY) <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How long after its successor was acknowledged a version was still served; 0 if it was not. */
function stalenessOf({ startedAt, version }: Sighting): number {
  if (version < 0) return Number.POSITIVE_INFINITY;
  return Math.max(0, startedAt - (acknowledged[version + 1] ?? Number.POSITIVE_INFINITY));
}

it(`${UPDATES} updates under 2 x ${READERS} readers: no reader in the writing process misses an acknowledged update`, async () => {
  await there.call('startReaders', { seed, readers: READERS });
  const readers = new VersionReaders(here.anyDb, { seed: seed + READERS, readers: READERS });
  const random = randomFrom(seed + 2 * READERS);

  for (let version = 1; version <= UPDATES; version++) {
    await VERSION_WRITES[Math.floor(random() * VERSION_WRITES.length)]?.(here.anyDb, version);
    acknowledged.push(machineTime());
    // Time for entries to be filled and hit, most of the time.
    if (random() < 0.8) await delay(random() * 8);
  }
  // The last write must be seen everywhere.
  await delay(MAX_STALENESS / 10);
  const mine = await readers.stop();
  const theirs = await there.call('stopReaders');

  const violations = [
    ...mine.filter(({ startedAt, version }) => version < versionAt(startedAt)),
    ...theirs.filter((sighting) => stalenessOf(sighting) > MAX_STALENESS),
  ];
  const lag = theirs.map(stalenessOf).sort((a, b) => a - b);
  const ratio = async (): Promise<string> => {
    const ratios = [here.db.$cache.stats().hitRatio, (await there.call('stats')).hitRatio];
    return ratios.map((hits) => `${(100 * hits).toFixed(1)} %`).join(' and ');
  };
  console.log(
    [
      `seed ${seed}: ${UPDATES} updates, ${mine.length} + ${theirs.length} reads, ${violations.length} violations`,
      `hit ratio ${await ratio()}; the other process lagged ${lag.filter((ms) => ms > 0).length} times, ` +
        `p99.9 ${lag[Math.floor(lag.length * 0.999)]?.toFixed(1)} ms, at most ${lag.at(-1)?.toFixed(1)} ms`,
    ].join('\n'),
  );
  expect(violations).toEqual([]);
  expect(mine.length).toBeGreaterThan(UPDATES);
  expect(theirs.length).toBeGreaterThan(UPDATES);
  for (const seen of [mine, theirs]) expect(Math.max(...seen.slice(-100).map(({ version }) => version))).toBe(UPDATES);
  expect(here.db.$cache.stats().hitRatio).toBeGreaterThan(0.1);
}, 120_000);
