import { afterAll, beforeAll, expect, it } from 'vitest';
import { SEED } from '../behaviour/catalogue/seed.js';
import { type Blog, createBlogDatabase, openBlog } from '../support/blog.js';
import {
  type Service,
  startRedis,
  type TestDatabase,
  talkTo,
  uniqueNamespace,
  waitUntil,
} from '../support/services/index.js';
import { heapAfterCollection, MINUTES, resources, times } from './measure.js';

/*
 * One client under everything that could make it grow: more distinct queries than memory takes, loads that fail, transactions
 * that roll back, refreshes in the background. Set SOAK_MINUTES, or call `npm run soak -- --minutes 10`.
 */

const MB = 1_048_576;
const MAX_ENTRIES = 300;
const MAX_BYTES = 4 * MB;
const LOG_LENGTH = 1_000;
/** Redis trims whole nodes of a stream, of 100 records each. */
const UNTRIMMED = 200;
/** What a record weighs in this process and in Redis, as docs/operations.md says. */
const RECORD_HERE = 370;
const RECORD_IN_REDIS = 170;
/** Each process remembers at least so many records. */
const REMEMBERED = 10_000;
/** What Prisma, its query compiler and the test runner keep in addition. */
const OTHERS = 48 * MB;

let database: TestDatabase;
let server: Service;
let blog: Blog;

beforeAll(async () => {
  database = await createBlogDatabase();
  await database.execute(SEED);
  server = await startRedis();
  blog = openBlog(database.url, {
    namespace: uniqueNamespace(),
    redis: { url: server.url, deadline: '5s', logLength: LOG_LENGTH },
    memory: { maxEntries: MAX_ENTRIES, maxBytes: MAX_BYTES },
  });
});

afterAll(async () => {
  await blog?.close();
  await server?.stop();
  await database?.drop();
});

it('memory, handles and Redis stay within their bounds', { timeout: ((MINUTES ?? 0) + 4) * 60_000 }, async () => {
  await rounds(0, 5);
  const heapBefore = await heapAfterCollection();
  const redisBefore = await usedMemory();
  const first = resources();

  const end = performance.now() + (MINUTES ?? 0) * 60_000;
  const heaps: number[] = [];
  let round = 5;
  do {
    round = await rounds(round, times(25, 200));
    const { memory } = blog.db.$cache.stats();
    expect(memory.entries).toBeLessThanOrEqual(MAX_ENTRIES);
    expect(memory.bytes).toBeLessThanOrEqual(MAX_BYTES);
    heaps.push(await heapAfterCollection());
  } while (performance.now() < end);

  const { evictions, staleHits, loadFailures, invalidations } = blog.db.$cache.stats();
  const heapNow = heaps.at(-1) ?? 0;
  const heapBound = heapBefore + 1.3 * MAX_BYTES + REMEMBERED * RECORD_HERE + OTHERS;
  expect(heapNow).toBeLessThan(heapBound);
  expect(evictions).toBeGreaterThan(0);
  expect(staleHits).toBeGreaterThan(0);
  expect(loadFailures).toBeGreaterThan(0);

  // What is left when every entry has expired: the position, the log and the mark of the database server.
  await waitUntil('every entry expires', async () => {
    expect(await talkTo(server, (redis) => redis.dbsize())).toBe(3);
  });
  const length = await logLength();
  expect(length).toBeLessThanOrEqual(LOG_LENGTH + UNTRIMMED);
  const redisNow = await usedMemory();
  expect(redisNow - redisBefore).toBeLessThan((LOG_LENGTH + UNTRIMMED) * RECORD_IN_REDIS + 2 * MB);
  // Five connections of the pool and two to Redis, however many rounds there were.
  expect(resources()['TCPSocketWrap'] ?? 0).toBeLessThanOrEqual(Math.max(first['TCPSocketWrap'] ?? 0, 12 + 3));
  const perMinute = heaps
    .map((heap) => Math.round(heap / MB))
    .filter((_, at) => at % Math.ceil(heaps.length / 20) === 0);
  console.log(
    `${round} rounds, ${invalidations} invalidations, ${evictions} evictions; heap ${Math.round(heapBefore / MB)} MB, then ${perMinute.join(' ')} MB; ` +
      `Redis ${Math.round(redisBefore / 1024)} kB, then ${Math.round(redisNow / 1024)} kB; log of ${length} records`,
  );
});

/** @returns The number of the round after the last one. */
async function rounds(from: number, count: number): Promise<number> {
  for (let round = from; round < from + count; round++) await oneRound(round);
  return from + count;
}

/** Nothing in here may grow: Vitest keeps what `expect(…).rejects` is given until the test ends, and `watch` every statement. */
async function oneRound(round: number): Promise<void> {
  const { db, watch } = blog;
  watch.reset();
  // Never the same question twice.
  await Promise.all(
    Array.from({ length: 20 }, (_, at) => db.post.findMany({ where: { views: { gte: round * 20 + at } }, cache: 1 })),
  );
  const shortLived = { orderBy: { id: 'asc' }, cache: { ttl: '1ms', swr: 5 } } as const;
  await db.org.findMany(shortLived);

  await mustReject(db.user.findUniqueOrThrow({ where: { id: 999 }, cache: 1 }), /no record|not found/i);
  await mustReject(db.$cached({ ttl: 1, models: ['User'] }).$queryRaw`SELECT 1 / 0`, /division by zero/);
  const aborted = db.$transaction(async (tx) => {
    await tx.user.update({ where: { id: 1 }, data: { score: -1 } });
    throw new Error('on purpose');
  });
  await mustReject(aborted, /on purpose/);

  await db.user.update({ where: { id: 1 }, data: { score: round } });
  const read = await db.user.findUnique({ where: { id: 1 }, select: { score: true }, cache: 1 });
  if (read?.score !== round) throw new Error(`Round ${round} read ${JSON.stringify(read)}`);
  // No longer fresh: answered stale, and refreshed in the background.
  await db.org.findMany(shortLived);
}

async function mustReject(work: PromiseLike<unknown>, why: RegExp): Promise<void> {
  const outcome = await work.then(
    () => 'it did not reject',
    (error: unknown) => String(error),
  );
  if (!why.test(outcome)) throw new Error(`Expected ${why}, got: ${outcome}`);
}

function usedMemory(): Promise<number> {
  return talkTo(server, async (redis) => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]));
}

function logLength(): Promise<number> {
  return talkTo(server, async (redis) => {
    const [log] = (await redis.keys('*')).filter((key) => key.endsWith(':log'));
    return log === undefined ? 0 : redis.xlen(log);
  });
}
