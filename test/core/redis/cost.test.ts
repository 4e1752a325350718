import { type Change, createQueryCache, type Query, type QueryCache, type QueryCacheOptions } from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import { ManualClock } from '@cachetastic/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPage, section, tableRows } from '../../docs/markdown.js';
import { held } from '../../support/held.js';
import { uniqueNamespace } from '../../support/services/index.js';
import { type Cost, MeteredRedis, sum } from './metered-redis.js';
import { until } from './open-redis.js';

const FREE: Cost = { roundTrips: 0, sent: {}, scripted: {} };
const LOOK_UP: Cost = { roundTrips: 1, sent: { mget: 1 }, scripted: {} };
const FILL: Cost = { roundTrips: 1, sent: { set: 1 }, scripted: {} };
/** What every script begins with. */
const ENSURE = { info: 1, get: 1 };
const PUT = { xtrim: 1, xadd: 1, set: 1, publish: 1 };
const APPEND: Cost = { roundTrips: 1, sent: { evalsha: 1 }, scripted: { ...ENSURE, ...PUT } };
const ANNOUNCE: Cost = sum(APPEND, { roundTrips: 0, sent: {}, scripted: { time: 1, zadd: 1, hset: 1 } });
const CLOSE: Cost = sum(APPEND, { roundTrips: 0, sent: {}, scripted: { zrem: 1, hdel: 1 } });
/** What a request to the log does in addition while writes are announced. */
const OPEN = { zcard: 1, hlen: 1, zrangebyscore: 1 };
const SYNC: Cost = { roundTrips: 1, sent: { evalsha: 1 }, scripted: { ...ENSURE, del: 1, time: 1 } };

const users: Change = { kind: 'model', model: 'users', op: 'update' };

let server: MeteredRedis;
let plain: Pair;
let announcing: Pair;
let asked = 0;

beforeAll(async () => {
  server = await MeteredRedis.start();
  plain = await openPair({});
  announcing = await openPair({ intents: { lease: 5, fence: 6 } });
});
afterAll(async () => {
  for (const { one, other } of [plain, announcing]) await Promise.all([one.close(), other.close()]);
  await server.close();
});

describe.each([
  ['without intents', () => plain],
  ['with intents', () => announcing],
])('a bounded read, %s', (_, pair) => {
  it('a read that hits in memory sends nothing', async () => {
    const query = await known(pair().one);

    expect(await server.costOf(() => hit(pair().one, query))).toEqual(FREE);
    expectRow('a hit in memory', FREE);
  });

  it('a read that hits in Redis takes one look-up', async () => {
    const query = await known(pair().other);

    expect(await server.costOf(() => hit(pair().one, query))).toEqual(LOOK_UP);
    expectRow('a hit in Redis', LOOK_UP);
  });

  it('a read that misses takes a look-up before the load, and a fill in the background', async () => {
    const { one } = pair();

    expect(await missOf(one, newQuery())).toEqual({ beforeLoad: 1, cost: sum(LOOK_UP, FILL) });
    expectRow('a miss', sum(LOOK_UP, FILL));
  });
});

it('200 look-ups of one turn of the event loop are one command', async () => {
  const queries = await Promise.all(Array.from({ length: 200 }, () => known(plain.other)));

  const all = (): Promise<unknown> => Promise.all(queries.map((query) => hit(plain.one, query)));
  expect(await server.costOf(all)).toEqual(LOOK_UP);
});

describe('a write', () => {
  it('a write is one script, however much it changed', async () => {
    expect(await server.costOf(() => write(plain.one, [users]))).toEqual(APPEND);
    expect(await server.costOf(() => write(plain.one, Array(50).fill(users)))).toEqual(APPEND);
    expectRow('a write, a batch, a transaction', APPEND);
  });

  it('a transaction of many statements is one script as well', async () => {
    expect(await server.costOf(() => transact(plain.one, 20))).toEqual(APPEND);
  });

  it('with intents, a write is announced by one more script before it', async () => {
    const announced: number[] = [];
    const before = server.roundTrips;
    const run = async (): Promise<void> => void announced.push(server.roundTrips - before);

    const cost = await server.costOf(() => write(announcing.one, [users], run));
    expect(announced).toEqual([1]);
    expect(cost).toEqual(sum(ANNOUNCE, CLOSE));
    expect(await server.costOf(() => transact(announcing.one, 20))).toEqual(sum(ANNOUNCE, CLOSE));
    expectRow('the same with `intents`', sum(ANNOUNCE, CLOSE));
  });

  it('a write costs the same however many entries are cached', async () => {
    const few = await server.costOf(() => write(plain.one, [users]));
    for (let batch = 0; batch < 20; batch++) await Promise.all(Array.from({ length: 100 }, () => known(plain.one)));

    expect(await server.direct.dbsize()).toBeGreaterThan(2_000);
    expect(await server.costOf(() => write(plain.one, [users]))).toEqual(few);
  });
});

describe('a strong read', () => {
  it('a strong read that hits in memory asks the log', async () => {
    const query = strong(await known(announcing.one));

    expect(await server.costOf(() => hit(announcing.one, query))).toEqual(SYNC);
    expectRow('a strong hit in memory', SYNC);
  });

  it('a strong read that hits in Redis asks the log, then looks up', async () => {
    const query = strong(await known(announcing.other));

    expect(await server.costOf(() => hit(announcing.one, query))).toEqual(sum(SYNC, LOOK_UP));
    expectRow('a strong hit in Redis', sum(SYNC, LOOK_UP));
  });

  it('a strong read that misses asks the log and looks up before the load, and fills in the background', async () => {
    const cost = sum(SYNC, LOOK_UP, FILL);

    expect(await missOf(announcing.one, strong(newQuery()))).toEqual({ beforeLoad: 2, cost });
    expectRow('a strong miss', cost);
  });

  it('a strong read asks the log and looks up nothing while a write that may affect it is under way', async () => {
    const statement = held<void>();
    const query = strong(await known(announcing.one));
    const writing = write(announcing.one, [users], () => statement.promise);
    await until(async () => (await server.direct.hlen(`${announcing.prefix}:open`)) === 1);

    const miss = await missOf(announcing.one, query);
    statement.release();
    await writing;
    // The announcement came as a message: the question reads it once more.
    const scripted = { ...OPEN, xrange: 1 };
    expect(miss).toEqual({ beforeLoad: 1, cost: sum(SYNC, FILL, { roundTrips: 0, sent: {}, scripted }) });
  });

  it('concurrent strong reads share one request to the log', async () => {
    const queries = await Promise.all(Array.from({ length: 100 }, () => known(announcing.one)));

    const all = (): Promise<unknown> => Promise.all(queries.map((query) => hit(announcing.one, strong(query))));
    expect(await server.costOf(all)).toEqual(SYNC);
  });
});

describe('a process without reads', () => {
  it('asks the log three times within maxStaleness, and checks its one subscription every ten seconds', async () => {
    const { one, other, clock, prefix } = await openPair({ maxStaleness: '150ms' });
    await other.close();
    const channel = `${prefix}:changes:0`;
    await until(async () => (await server.direct.pubsub('NUMSUB', channel))[1] === 1);
    const beats = async (): Promise<void> => {
      // Short, because the server's clock does not move with this one: a longer step would look as if it had been set back.
      for (let beat = 0; beat < 3; beat++) await answered(() => clock.advance('50ms'));
    };

    expect(await server.costOf(beats)).toEqual(sum(SYNC, SYNC, SYNC));
    const tenth = (): Promise<void> => answered(() => clock.advance(9_850));
    expect((await server.costOf(tenth)).sent).toMatchObject({ ping: 1 });
    await one.close();
  });
});

it('the number of round trips is as docs/consistency.md says', () => {
  const rows = tableRows(section(readPage('docs/consistency.md'), 'Strong')).map((cells) =>
    cells.map((cell) => cell.replace(/^(\d).*$/, '$1')),
  );

  expect(rows).toEqual([
    ['a hit in memory', `${FREE.roundTrips}`, `${SYNC.roundTrips}`],
    ['a hit in Redis', `${LOOK_UP.roundTrips}`, `${sum(SYNC, LOOK_UP).roundTrips}`],
    ['a miss', `${sum(LOOK_UP, FILL).roundTrips}`, `${sum(SYNC, LOOK_UP, FILL).roundTrips}`],
    ['a write', `${APPEND.roundTrips}`, `${sum(ANNOUNCE, CLOSE).roundTrips}`],
  ]);
});

/** Two processes, as it were, of one namespace, in whose log nothing happens by itself: their clock stands still. */
interface Pair {
  readonly one: QueryCache;
  readonly other: QueryCache;
  readonly clock: ManualClock;
  /** What the names of the log's keys begin with. */
  readonly prefix: string;
}

async function openPair(options: Partial<QueryCacheOptions>): Promise<Pair> {
  const clock = new ManualClock();
  const namespace = uniqueNamespace();
  const [one, other] = [open({ ...options, namespace, clock }), open({ ...options, namespace, clock })];
  const pair = { one, other, clock, prefix: `{ct:${namespace}:cost}` };
  await settled(pair);
  if (options.intents !== undefined) {
    // What was announced to a log before this one is over.
    clock.advance('6s');
    await settled(pair);
  }
  return pair;
}

function open(options: Partial<QueryCacheOptions>): QueryCache {
  return createQueryCache({ ...options, database: 'cost', shared: redis({ url: server.url, deadline: '5s' }) });
}

/** Waits until all have subscribed and have asked what they ask at the beginning, and Redis knows all scripts. */
async function settled({ one, other, prefix }: Omit<Pair, 'clock'>): Promise<void> {
  // The first may be heard of by a question that was asked before the subscription stood; the second may not.
  for (let heard = 0; heard < 2; heard++) {
    await Promise.all([write(one, [users]), write(other, [users])]);
    const [, head] = (await server.direct.get(`${prefix}:v`))?.split(':') ?? [];
    await until(() => [one, other].every((cache) => cache.stats().log.seq === Number(head)));
  }
  for (const cache of [one, other, one, other]) await cache.read(strong(newQuery()), async () => 'settled');
  await Promise.all([one.idle(), other.idle()]);
}

function newQuery(): Query<unknown> {
  return {
    name: 'User.findUnique',
    keyParts: { id: ++asked },
    footprint: { dependencies: [{ model: 'users' }], tags: [] },
    lifetime: { ttl: 3_600_000, swr: 0, grace: 0 },
  };
}

function strong(query: Query<unknown>): Query<unknown> {
  return { ...query, consistency: 'strong' };
}

/** A question that the tiers of `cache` can answer. */
async function known(cache: QueryCache): Promise<Query<unknown>> {
  const query = newQuery();
  await cache.read(query, async () => ({ name: 'Ada' }));
  await cache.idle();
  return query;
}

async function hit(cache: QueryCache, query: Query<unknown>): Promise<void> {
  await cache.read(query, () => Promise.reject(new Error('It should have been a hit.')));
  await cache.idle();
}

/** What a read cost that the database had to answer, and how many round trips of it came before the load. */
async function missOf(cache: QueryCache, query: Query<unknown>): Promise<{ beforeLoad: number; cost: Cost }> {
  const before = server.roundTrips;
  let beforeLoad = Number.NaN;
  const cost = await server.costOf(async () => {
    await cache.read(query, async () => {
      beforeLoad = server.roundTrips - before;
      return { name: 'Ada' };
    });
    await cache.idle();
  });
  return { beforeLoad, cost };
}

async function write(
  cache: QueryCache,
  changes: readonly Change[],
  run = async (): Promise<void> => {},
): Promise<void> {
  const described = (): readonly Change[] => changes;
  await cache.write(run, described, described);
}

async function transact(cache: QueryCache, writes: number): Promise<void> {
  const changes = cache.transaction();
  for (let written = 0; written < writes; written++) changes.add([users]);
  await changes.announce();
  await changes.commit();
}

/** Does `work`, and waits until Redis has answered what it asks. */
async function answered(work: () => void): Promise<void> {
  const before = server.bytesDown;
  work();
  await until(() => server.bytesDown > before);
}

/** The table in docs/operations.md says of `what` that it costs `cost`. */
function expectRow(what: string, { roundTrips, sent, scripted }: Cost): void {
  const row = tableRows(section(readPage('docs/operations.md'), 'Load')).find(([name]) => name === what);
  expect(row).toEqual([what, expect.stringMatching(new RegExp(`^${roundTrips}\\b`)), textOf(sent), textOf(scripted)]);
}

/** `GET`, 2 `SET`: by name. */
function textOf(counts: Cost['sent']): string {
  const names = Object.keys(counts).sort();
  return names.map((name) => `${counts[name] === 1 ? '' : `${counts[name]} `}\`${name.toUpperCase()}\``).join(', ');
}
