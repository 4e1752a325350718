import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Blog, createBlogDatabase, openBlog } from '../support/blog.js';
import { behind, median, type Observation, observe } from '../support/observed-reads.js';
import type { VersionWrite } from '../support/raised-versions.js';
import { SecondProcess } from '../support/second-process/index.js';
import { type NetworkProxy, startProxy, startRedis, type TestDatabase, waitUntil } from '../support/services/index.js';
import type { Service } from '../support/services/service.js';
import { SEED } from './catalogue/seed.js';

/*
 * Messages report an invalidation immediately, but may never arrive. A reader who hears none serves what
 * it holds in memory for as long as the log was confirmed, and no longer.
 */

const ROUNDS = 15;
/** The default, in milliseconds. */
const MAX_STALENESS = 1_000;
/** What a busy machine may add: the time between what the test sees and what the cache sees. */
const MARGIN = 250;

let database: TestDatabase;
let redis: Service;
let admin: Redis;
let way: NetworkProxy;
let reader: Blog;
let writer: SecondProcess;

beforeAll(async () => {
  [database, redis] = await Promise.all([createBlogDatabase(), startRedis()]);
  await database.execute(SEED);
  admin = new Redis(redis.url);
  way = await startProxy(redis);
  // Nothing here is about a slow Redis: a busy machine must not make the cache step aside.
  reader = openBlog(database.url, { redis: { url: way.url(redis.url), deadline: '5s' } });
  writer = await SecondProcess.start({ databaseUrl: database.url, options: { redis: redis.url } });
  // A cache opens with its first read.
  await writer.call('see', { read: 'row' });
  await inMemory();
});

afterAll(async () => {
  await writer.close();
  await reader.close();
  admin.disconnect();
  await way.close();
  await redis.stop();
  await database.drop();
});

/** What one round saw: a write of the other process, and what this one answered from its memory meanwhile. */
interface Round {
  /** For how long the old row was served after the write was acknowledged, in milliseconds. */
  readonly behind: number;
  /** How often. */
  readonly served: number;
}

/** Writes in the other process while this one asks without a pause, until it sees the write. */
async function playRound(): Promise<Round> {
  await inMemory();
  const quiet = await observe(reader, 'quiet');
  expect(quiet).toMatchObject({ source: 'memory' });
  // At any moment between two heartbeats.
  await delay(Math.random() * (MAX_STALENESS / 3));
  const before = await inMemory();

  let write: VersionWrite | undefined;
  const writing = writer.call('raise').then((done) => {
    write = done;
  });
  const reads: Observation[] = [];
  const giveUp = performance.now() + 10 * MAX_STALENESS;
  while ((reads.at(-1)?.version ?? 0) <= before && performance.now() < giveUp) {
    reads.push(await observe(reader, 'row'));
    await turn();
  }
  await writing;

  const writes = write === undefined ? [] : [write];
  expect(writes.map(({ version }) => version)).toEqual([before + 1]);
  const old = reads.filter((read) => behind(read, writes, acknowledged) > 0);
  // What was old was what memory held: nothing else is at stake.
  expect(old.filter(({ source }) => source !== 'memory')).toEqual([]);
  return { behind: Math.max(0, ...old.map((read) => behind(read, writes, acknowledged))), served: old.length };
}

const acknowledged = ({ acknowledgedAt }: VersionWrite): number => acknowledgedAt;

/** Waits until the reader has the row in memory. @returns Its version. */
async function inMemory(): Promise<number> {
  return waitUntil('a hit in memory', async () => {
    const { source, version } = await observe(reader, 'row');
    await observe(reader, 'quiet');
    if (source !== 'memory' || version === undefined) throw new Error(`the row came from ${source}`);
    return version;
  });
}

function show(what: string, rounds: readonly Round[]): void {
  const times = rounds.map((round) => round.behind);
  const served = rounds.reduce((sum, round) => sum + round.served, 0);
  console.log(
    `${what}: the old row was served for ${median(times).toFixed(1)} ms (p50), ${Math.max(...times).toFixed(1)} ms ` +
      `(max of ${rounds.length}), ${served} times in all`,
  );
}

/** What every way of missing messages must keep to. */
function check(rounds: readonly Round[]): void {
  expect(Math.max(...rounds.map((round) => round.behind))).toBeLessThan(MAX_STALENESS + MARGIN);
}

async function playRounds(): Promise<readonly Round[]> {
  const resets = reader.db.$cache.stats().logResets;
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await playRound());
  // What was missed was caught up with: nothing had to be given up for it.
  expect(reader.db.$cache.stats().logResets).toBe(resets);
  return rounds;
}

it('with every message delivered, an old row is served for hardly longer than the delivery takes', async () => {
  await waitUntil('both subscriptions', async () => expect(await subscribers()).toBe(2));

  const rounds = await playRounds();

  show('Messages arrive', rounds);
  check(rounds);
});

it('while the subscription is interrupted repeatedly, an old row is served for at most maxStaleness', async () => {
  let cuts = 0;
  let done = false;
  const cutting = (async () => {
    while (!done) {
      cuts += Number(await admin.call('client', 'kill', 'type', 'pubsub'));
      await delay(10);
    }
  })();

  const rounds = await playRounds();
  done = true;
  await cutting;

  show(`The subscription is cut (${cuts} times)`, rounds);
  check(rounds);
  expect(cuts).toBeGreaterThan(ROUNDS);
  await keepsHitting();
});

it('while messages are lost without an error, an old row is served for at most maxStaleness', async () => {
  await waitUntil('both subscriptions', async () => expect(await subscribers()).toBe(2));
  way.swallow(/subscribe/);

  const rounds = await playRounds();
  way.restore();

  show(`Messages vanish (${way.swallowed} of them)`, rounds);
  check(rounds);
  // Had they arrived, all rounds would have been short.
  expect(way.swallowed).toBeGreaterThanOrEqual(ROUNDS);
  expect(rounds.filter(({ served }) => served > 10).length).toBeGreaterThan(ROUNDS / 3);
  await keepsHitting();
});

/** The cache is of use again: what is read twice is a hit, and the other process receives a write. */
async function keepsHitting(): Promise<void> {
  await waitUntil('both subscriptions', async () => expect(await subscribers()).toBe(2));
  const version = await inMemory();
  const hits: Observation[] = [];
  for (let read = 0; read < 50; read++) hits.push(await observe(reader, 'row'));
  expect(hits.map(({ source }) => source)).toEqual(hits.map(() => 'memory'));
  expect(hits.map((hit) => hit.version)).toEqual(hits.map(() => version));
}

/** How many connections hear the log. */
async function subscribers(): Promise<number> {
  const channels = (await admin.pubsub('CHANNELS', '*:changes:*')) as string[];
  const counts = await Promise.all(channels.map((channel) => admin.pubsub('NUMSUB', channel)));
  return counts.reduce((sum, reply) => sum + Number((reply as [string, number])[1]), 0);
}
