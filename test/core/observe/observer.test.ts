import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { type CacheEvent, type Clock, createQueryCache, type Query, type QueryCache } from '@cachetastic/core';
import { ManualClock } from '@cachetastic/core/testing';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../packages/core/src/entry/entry.js';
import { MOST_OBSERVED } from '../../../packages/core/src/observe/observer.js';
import type { Tier } from '../../../packages/core/src/tier/tier.js';
import { type CoreSetup, emptyTier, setup } from '../../support/core-setup.js';
import { settle } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';

/** The bound on staleness, and a second. */
const LATER = '2s';
const rename = { kind: 'model', model: 'User', op: 'update' } as const;

/** A cache that observes every hit. */
async function observing({ options, ...given }: CoreSetup = {}) {
  const made = await setup({ ...given, options: { observe: 1, ...options } });
  const mismatches: Extract<CacheEvent, { type: 'mismatch' }>[] = [];
  made.cache.on((event) => {
    if (event.type === 'mismatch') mismatches.push(event);
  });
  const wait = async (): Promise<void> => {
    made.clock.advance(LATER);
    await settle();
  };
  return {
    ...made,
    mismatches,
    observed: () => made.cache.stats().observer,
    wait,
    /** A load and a hit of it. */
    readTwice: async (asked: Query<unknown> = made.query) => {
      await made.read(asked);
      return made.read(asked);
    },
    /** Until a difference is sure to have no record on its way. */
    waitTwice: async () => {
      await wait();
      await wait();
    },
  };
}

function bound(schedule: Clock['schedule']): Clock['schedule'] {
  return (task, delay) => schedule(AsyncResource.bind(task), delay);
}

function queryOf(query: Query<unknown>, id: number): Query<unknown> {
  return { ...query, keyParts: ['User', 'findUnique', { where: { id } }] };
}

function keptTier() {
  const entries = new Map<string, Entry>();
  const tier: Tier = {
    ...emptyTier,
    get: async (key) => entries.get(key),
    set: async (key, entry) => void entries.set(key, entry),
    delete: async (keys) => {
      for (const key of keys) entries.delete(key);
    },
  };
  return { tier, entries };
}

describe('a hit that is correct', () => {
  it('is verified by a load that fills nothing and delays no caller', async () => {
    const { load, readTwice, wait, observed, decisions } = await observing();
    await readTwice();
    expect(load.calls).toBe(1);

    load.hold();
    await wait();
    expect(load.calls).toBe(2);
    expect(decisions()).toEqual(['miss', 'load', 'fill', 'hit']);
    load.release();
    await settle();

    expect(observed()).toEqual({ verified: 1, mismatched: 0, inconclusive: 0 });
    expect(decisions()).toEqual([]);
  });

  it('is verified also from the shared tier and for a strong read', async () => {
    const log = new ScriptedLog();
    const { tier } = keptTier();
    const { query, read, wait, observed } = await observing({ log, tier, options: { memory: false } });
    await read();
    await read();
    await wait();
    await read({ ...query, consistency: 'strong' });
    await wait();

    expect(observed()).toEqual({ verified: 2, mismatched: 0, inconclusive: 0 });
  });

  it('is verified in the asynchronous context of its caller', async () => {
    const manual = new ManualClock();
    // As timers do.
    const clock = { now: () => manual.now(), schedule: bound((task, delay) => manual.schedule(task, delay)) };
    const tenant = new AsyncLocalStorage<string>();
    const asking: (string | undefined)[] = [];
    const { cache, query, observed } = await observing({ options: { clock } });
    for (const name of ['red', 'blue']) {
      const asked = { ...query, keyParts: name };
      const load = async () => void asking.push(tenant.getStore());
      await tenant.run(name, async () => cache.read(asked, load));
      await tenant.run(name, async () => cache.read(asked, load));
    }
    manual.advance(LATER);
    await settle();

    expect(asking).toEqual(['red', 'blue', 'red', 'blue']);
    expect(observed().verified).toBe(2);
  });

  it('is verified once for several hits in a row, and again after a later hit', async () => {
    const { load, read, readTwice, wait, observed } = await observing();
    await readTwice();
    await read();
    await read();
    await wait();
    expect([load.calls, observed().verified]).toEqual([2, 1]);

    await read();
    await wait();
    expect(observed().verified).toBe(2);
  });
});

describe('an entry that differs from the database without a recorded change', () => {
  it('is detected, reported and removed from every tier', async () => {
    const log = new ScriptedLog();
    const { tier, entries } = keptTier();
    const { cache, query, changeSilently, read, readTwice, waitTwice, observed, mismatches } = await observing({
      log,
      tier,
    });
    log.appendElsewhere([{ kind: 'model', model: 'Post', op: 'update' }]);
    await readTwice();
    const stamp = cache.stats().log;
    expect(entries.size).toBe(1);
    changeSilently();
    log.appendElsewhere([{ kind: 'model', model: 'Post', op: 'create' }]);
    await waitTwice();

    expect(observed()).toEqual({ verified: 0, mismatched: 1, inconclusive: 0 });
    expect(mismatches).toEqual([
      {
        type: 'mismatch',
        query: query.name,
        key: expect.any(String),
        source: 'memory',
        difference: 'content',
        footprint: query.footprint,
        stamp: { epoch: stamp.epoch, seq: stamp.seq },
        records: [{ seq: 2, changes: [{ kind: 'model', model: 'Post', op: 'create' }] }],
        degraded: [],
      },
    ]);
    expect(entries.size).toBe(0);
    expect(await read()).toMatchObject({ version: 1 });
  });

  it('is detected also if only a type differs', async () => {
    let answer: unknown = { at: new Date(0) };
    const { readTwice, waitTwice, observed } = await observing({ answer: () => answer });
    await readTwice();
    answer = { at: new Date(0).toISOString() };
    await waitTwice();

    expect(observed().mismatched).toBe(1);
  });

  it('is reported as different in order if only the order of its rows differs', async () => {
    let answer = [{ id: 1, tags: ['a', 'b'] }, { id: 2 }];
    const { readTwice, waitTwice, mismatches } = await observing({
      answer: () => answer,
      options: { observe: { rate: 1, degrade: true } },
    });
    await readTwice();
    answer = [{ id: 2 }, { id: 1, tags: ['b', 'a'] }];
    await waitTwice();

    expect(mismatches).toMatchObject([{ difference: 'order', degraded: [] }]);
  });

  it('is reported without values of rows that its footprint does not hold', async () => {
    const footprint = { dependencies: [{ model: 'User', where: { id: 'n:1', team: 's:red' } }], tags: [] };
    const log = new ScriptedLog();
    const { query, changeSilently, readTwice, waitTwice, mismatches } = await observing({ log });
    await readTwice({ ...query, footprint });
    changeSilently();
    const facts = { id: 'n:2', team: 's:red', email: 's:ann@example.com' };
    log.appendElsewhere([{ ...rename, before: facts, after: facts }]);
    log.appendElsewhere([{ ...rename, model: 'Post', before: { team: 's:red' } }]);
    await waitTwice();

    const told = { id: '(hidden)', team: 's:red', email: '(hidden)' };
    expect(mismatches.flatMap(({ records }) => records).flatMap(({ changes }) => changes)).toMatchObject([
      { model: 'User', before: told, after: told },
      { model: 'Post', before: { team: '(hidden)' } },
    ]);
  });

  it('is reported with the newest 100 records only', async () => {
    const log = new ScriptedLog();
    const { changeSilently, readTwice, waitTwice, mismatches } = await observing({ log });
    await readTwice();
    changeSilently();
    for (let seq = 1; seq <= 150; seq++) log.appendElsewhere([{ ...rename, model: 'Post' }]);
    await waitTwice();

    const [first, ...others] = mismatches[0]?.records ?? [];
    expect([first?.seq, others.length, others.at(-1)?.seq]).toEqual([51, 99, 150]);
  });

  it('stays in the shared tier if that tier cannot be reached, which is reported', async () => {
    const log = new ScriptedLog();
    const { tier } = keptTier();
    const down: Tier = { ...tier, delete: () => Promise.reject(new Error('down')) };
    const { changeSilently, readTwice, waitTwice, decisions } = await observing({ log, tier: down });
    await readTwice();
    changeSilently();
    decisions();
    await waitTwice();

    expect(decisions()).toEqual(['mismatch', 'tier-failed']);
  });
});

describe('a write that the log contains is no mismatch', () => {
  it('a write between the hit and its check is no mismatch', async () => {
    const { load, readTwice, write, waitTwice, observed } = await observing();
    await readTwice();
    await write();
    await waitTwice();

    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 1 });
    expect(load.calls).toBe(1);
  });

  it('a write during the load of the check is no mismatch', async () => {
    const { load, changeSilently, readTwice, wait, observed, cache } = await observing();
    await readTwice();
    load.hold();
    changeSilently();
    await wait();
    await cache.invalidate([rename]);
    load.release();
    await settle();

    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 1 });
  });

  it('a write on another node that only the last request to the log returns is no mismatch', async () => {
    const log = new ScriptedLog();
    log.pushes = false;
    const { load, changeSilently, readTwice, wait, observed } = await observing({ log });
    await readTwice();
    load.hold();
    await wait();
    changeSilently();
    log.appendElsewhere([rename]);
    load.release();
    await settle();

    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 1 });
  });

  it('a write that the database shows before its record arrives is no mismatch', async () => {
    const log = new ScriptedLog();
    const { changeSilently, readTwice, wait, observed } = await observing({ log });
    await readTwice();
    changeSilently();
    await wait();
    log.appendElsewhere([rename]);
    await wait();

    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 1 });
  });

  it('an announced write that has not ended is no mismatch', async () => {
    const log = new ScriptedLog();
    const { load, readTwice, waitTwice, observed } = await observing({ log });
    await readTwice();
    await log.announce([rename]);
    await waitTwice();

    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 1 });
    expect(load.calls).toBe(1);
  });

  it('a write whose record waits in this process is no mismatch', async () => {
    const log = new ScriptedLog();
    const { readTwice, write, waitTwice, observed } = await observing({ log });
    await readTwice();
    const release = log.hold('append');
    const writing = write();
    await settle();
    await waitTwice();
    release();
    await writing;

    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 1 });
  });

  it('a write that cannot affect the query does not disturb its check', async () => {
    const { cache, readTwice, waitTwice, observed } = await observing();
    await readTwice();
    await cache.invalidate([{ ...rename, model: 'Post' }]);
    await waitTwice();

    expect(observed()).toEqual({ verified: 1, mismatched: 0, inconclusive: 0 });
  });
});

describe('an inconclusive check', () => {
  it.each<[what: string, disturb: (log: ScriptedLog) => void]>([
    [
      'the log does not respond',
      (log) => {
        log.down = new Error('down');
      },
    ],
    ['the log begins a new epoch', (log) => log.restart('e2')],
  ])('a check is inconclusive if %s', async (_what, disturb) => {
    const log = new ScriptedLog();
    const { changeSilently, readTwice, waitTwice, observed } = await observing({ log });
    await readTwice();
    changeSilently();
    disturb(log);
    await waitTwice();

    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 1 });
  });

  it('a check is inconclusive if its load fails, and no caller sees the error', async () => {
    const { load, read, readTwice, wait, observed, decisions } = await observing();
    await readTwice();
    load.hold();
    await wait();
    load.fail(new Error('down'));
    await settle();

    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 1 });
    expect(decisions()).not.toContain('load-failed');
    expect(await read()).toMatchObject({ version: 0 });
  });

  it('a check is inconclusive if its load throws synchronously', async () => {
    const { cache, query, wait, observed } = await observing();
    let calls = 0;
    const load = (): Promise<unknown> => {
      if (++calls > 1) throw new Error('no');
      return Promise.resolve(1);
    };
    await cache.read(query, load);
    await cache.read(query, load);
    await wait();

    expect(observed().inconclusive).toBe(1);
  });

  it('a check is inconclusive if its load keeps the result private', async () => {
    const { cache, query, waitTwice, observed } = await observing();
    let calls = 0;
    const read = async () =>
      cache.read(query, async ({ keepPrivate }) => {
        if (++calls > 1) keepPrivate('mine');
        return calls;
      });
    await read();
    await read();
    await waitTwice();

    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 1 });
  });

  it('a check is inconclusive if the arguments of its load have been changed since the hit', async () => {
    const { cache, query, waitTwice, observed } = await observing();
    const args = { where: { id: 1 } };
    const asked = { ...query, keyParts: ['User', args] };
    const read = async () => cache.read(asked, async () => args.where.id);
    await read();
    await read();
    args.where.id = 2;
    await waitTwice();

    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 1 });
  });

  it('a check is inconclusive if the result has no exact form', async () => {
    let answer = 'whole';
    const { readTwice, waitTwice, observed } = await observing({ answer: () => answer });
    await readTwice();
    answer = 'a lone \ud800';
    await waitTwice();

    expect(observed().inconclusive).toBe(1);
  });
});

describe('the option degrade', () => {
  const narrow = { dependencies: [{ model: 'User', where: { id: 'n:1' } }], tags: [] };
  const other = { ...rename, before: { id: 'n:2' }, after: { id: 'n:2' } };

  async function afterMismatch(degrade: boolean, log?: ScriptedLog) {
    const made = await observing({ ...(log && { log }), options: { observe: { rate: 1, degrade } } });
    const asked = { ...made.query, footprint: narrow };
    const neighbour = { ...queryOf(asked, 3), keyParts: 'neighbour' };
    await made.read(neighbour);
    await made.readTwice(asked);
    made.changeSilently();
    made.decisions();
    await made.waitTwice();
    return { ...made, asked, neighbour };
  }

  it('makes every change of a model with a mismatch invalidate from then on', async () => {
    const { cache, asked, read, decisions, mismatches } = await afterMismatch(true);
    expect(mismatches).toMatchObject([{ degraded: ['User'], records: [] }]);
    await read(asked);
    decisions();

    await cache.invalidate([other]);
    await read(asked);

    expect(decisions()).toEqual(['invalidate', 'miss', 'load', 'fill']);
  });

  it('makes a change that waits for the log invalidate as well', async () => {
    const log = new ScriptedLog();
    const { cache, asked, readTwice, read, decisions } = await afterMismatch(true, log);
    await readTwice(asked);
    decisions();

    log.pushes = false;
    const release = log.hold('append');
    const invalidating = cache.invalidate([other]);
    await read(asked);
    expect(decisions()).toContain('miss');
    release();
    await invalidating;
  });

  it('invalidates the older entries of the model on every node', async () => {
    const { neighbour, read, decisions } = await afterMismatch(true);
    expect(decisions()).toEqual(['mismatch', 'invalidate']);
    await read(neighbour);

    expect(decisions()).toEqual(['miss', 'load', 'fill']);
  });

  it('widens a model once', async () => {
    const { asked, readTwice, changeSilently, waitTwice, mismatches } = await afterMismatch(true);
    await readTwice(asked);
    changeSilently();
    await waitTwice();

    expect(mismatches.map(({ degraded }) => degraded)).toEqual([['User'], []]);
  });

  it('removes only the entry if it is off', async () => {
    const { cache, asked, neighbour, read, decisions } = await afterMismatch(false);
    await read(asked);
    await read(neighbour);
    expect(decisions()).toEqual(['mismatch', 'miss', 'load', 'fill', 'hit']);

    await cache.invalidate([other]);
    await read(asked);
    expect(decisions()).toEqual(['invalidate', 'hit']);
  });
});

describe('the number of observed hits', () => {
  it.each([undefined, 0, { rate: 0, degrade: true }])('is 0 with %j', async (observe) => {
    const { clock, readTwice, wait, observed, load } = await observing({ options: { observe } });
    await readTwice();
    expect(clock.pending).toBe(0);
    await wait();

    expect(load.calls).toBe(1);
    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 0 });
  });

  it(`is at most ${MOST_OBSERVED} at once`, async () => {
    const { clock, query, readTwice, wait, observed } = await observing();
    for (let id = 0; id < MOST_OBSERVED + 50; id++) await readTwice(queryOf(query, id));
    expect(clock.pending).toBe(MOST_OBSERVED);

    await wait();
    for (let turns = 0; turns < 100; turns++) await settle();
    expect(observed().verified).toBe(MOST_OBSERVED);

    await readTwice(queryOf(query, MOST_OBSERVED + 1));
    expect(clock.pending).toBe(1);
  });

  it('is limited by one load of the observer at a time', async () => {
    const { load, query, readTwice, wait, observed } = await observing();
    await readTwice(queryOf(query, 1));
    await readTwice(queryOf(query, 2));
    load.hold();
    await wait();
    expect(load.calls).toBe(3);

    load.release();
    await settle();
    expect(load.calls).toBe(4);
    expect(observed().verified).toBe(2);
  });
});

describe('a closed observer', () => {
  it('forgets the hits that it has not checked', async () => {
    const { cache, clock, load, readTwice, wait } = await observing();
    await readTwice();
    await cache.close();

    expect(clock.pending).toBe(0);
    await wait();
    expect(load.calls).toBe(1);
  });

  it('neither waits for its load nor counts it', async () => {
    const { cache, clock, load, query, readTwice, wait, observed, changeSilently } = await observing();
    await readTwice();
    await readTwice(queryOf(query, 2));
    changeSilently();
    load.hold();
    await wait();
    await cache.close();
    load.release();
    await settle();

    expect(clock.pending).toBe(0);
    expect(load.calls).toBe(3);
    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 0 });
  });

  it.each(['check', 'second look'])('stops if its %s is asking the log', async (moment) => {
    const log = new ScriptedLog();
    const { cache, load, changeSilently, readTwice, wait, observed } = await observing({ log });
    await readTwice();
    changeSilently();
    if (moment === 'second look') await wait();
    const { calls } = load;
    const release = log.hold('sync');
    await wait();
    const closing = cache.close();
    release();
    await closing;
    await settle();

    expect(load.calls).toBe(calls);
    expect(observed()).toEqual({ verified: 0, mismatched: 0, inconclusive: 0 });
  });

  it('reports no mismatch that it has not confirmed', async () => {
    const { cache, changeSilently, readTwice, wait, mismatches } = await observing();
    await readTwice();
    changeSilently();
    await wait();
    await cache.close();
    await wait();

    expect(mismatches).toEqual([]);
  });
});

it.each([
  [2, 'observe'],
  [Number.NaN, 'observe'],
  ['1', 'observe'],
  [null, 'observe'],
  [{}, 'observe.rate'],
  [{ rate: -0.1 }, 'observe.rate'],
  [{ rate: 1, degrade: 'yes' }, 'observe.degrade'],
  [{ rate: 1, most: 5 }, 'observe.most'],
])('the observe option %j is refused, and the error names %s', (observe, option) => {
  const make = (): QueryCache => Reflect.apply(createQueryCache, undefined, [{ database: 'test', observe }]);

  const error = expect.objectContaining({ code: 'ERR_INVALID_OPTION', option });
  expect(make).toThrow(error);
});
