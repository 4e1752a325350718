import type { LoadContext, Query, QueryCacheOptions } from '@cachetastic/core';
import { describe, expect, it } from 'vitest';
import { type CoreSetup, emptyTier, setup as setupCore } from '../../support/core-setup.js';
import { type Held, held, settle } from '../../support/held.js';
import { ScriptedLog } from '../../support/scripted-log.js';

/** In milliseconds. */
const LAG = 500;
const USER = { kind: 'model', model: 'User', op: 'update' } as const;

/** Options of the cache, and what stands in for Redis. */
type World = Partial<QueryCacheOptions> & Pick<CoreSetup, 'log' | 'tier'>;

/** A database and a replica that is exactly as far behind as it may be, and who was asked. */
async function setup({ log, tier = emptyTier, ...options }: World = {}) {
  const core = await setupCore({
    ...(log === undefined ? {} : { log, tier }),
    options: { replicaLag: `${LAG}ms`, maxStaleness: '300ms', ...options },
  });
  const { cache, clock, query } = core;
  const commits: number[] = [];
  const asked: LoadContext['origin'][] = [];
  let gate: Held<void> | undefined;
  const versionOn = (origin: LoadContext['origin']): number => {
    const seen = clock.now() - (origin === 'any' ? LAG : 0);
    return commits.filter((at) => at <= seen).length;
  };
  return {
    ...core,
    asked,
    /** Who answers, and with what. */
    read: async (given: Partial<Query> = {}): Promise<string> => {
      const before = asked.length;
      const version = await cache.read({ ...query, ...given }, async ({ origin }) => {
        asked.push(origin);
        const answer = versionOn(origin);
        await gate?.promise;
        return answer;
      });
      return `${asked.slice(before).join() || 'cache'} ${version}`;
    },
    commit: () => void commits.push(clock.now()),
    write: () =>
      cache.write(
        async () => void commits.push(clock.now()),
        () => [USER],
      ),
    hold: () => {
      gate = held();
      return () => {
        gate?.release();
        gate = undefined;
      };
    },
    /** Lets time pass in steps that keep the log confirmed. */
    pass: async (milliseconds: number) => {
      for (let left = milliseconds; left > 0; left -= 50) {
        clock.advance(Math.min(50, left));
        await settle();
      }
    },
    /** Another question on the same rows. */
    another: { keyParts: ['User', 'findMany'] },
  };
}

/** As {@link setup}, at a time when a replica may answer. */
async function setupSettled(options: World = {}) {
  const world = await setup(options);
  await world.read({ keyParts: ['first'] });
  await world.pass(LAG);
  world.asked.length = 0;
  return world;
}

it('without replicaLag, every load goes to the primary', async () => {
  const { read, pass, another } = await setup({ replicaLag: undefined });
  await read();
  await pass(10 * LAG);

  expect(await read(another)).toBe('primary 0');
});

describe('the choice of a replica', () => {
  it('a load may go to a replica once the log has been confirmed for replicaLag', async () => {
    const { read, pass } = await setup();

    expect(await read()).toBe('primary 0');
    await pass(LAG - 1);
    expect(await read({ keyParts: ['a'] })).toBe('primary 0');
    await pass(1);
    expect(await read({ keyParts: ['b'] })).toBe('any 0');
    expect(await read({ keyParts: ['b'] })).toBe('cache 0');
  });

  it('a load may go to a replica if no write of the last replicaLag may have changed its result', async () => {
    const { read, write, pass, another } = await setupSettled();
    await read();
    await write();
    const elsewhere = { ...another, footprint: { dependencies: [{ model: 'Post' }], tags: [] } };

    expect(await read()).toBe('primary 1');
    expect(await read()).toBe('cache 1');
    expect(await read(elsewhere)).toBe('any 0');
    await pass(LAG - 1);
    expect(await read({ keyParts: ['a'] })).toBe('primary 1');
    await pass(1);
    expect(await read({ keyParts: ['b'] })).toBe('any 1');
    expect(await read({ keyParts: ['b'] })).toBe('cache 1');
  });

  it('a stale-while-revalidate refresh may go to a replica under the same condition', async () => {
    const { read, write, clock, cache, asked } = await setupSettled();
    const lifetime = { ttl: 1_000, swr: 60_000, grace: 0 };
    await read({ lifetime });
    clock.advance('2s');
    await read({ lifetime });
    await cache.idle();
    expect(asked).toEqual(['any', 'any']);

    await write();
    await read({ lifetime });
    clock.advance('2s');
    await read({ lifetime });
    await cache.idle();
    expect(asked.slice(2)).toEqual(['primary', 'any']);
  });
});

describe('the choice of the primary', () => {
  it('a load goes to the primary if another process wrote within replicaLag, however late the record arrived', async () => {
    const log = new ScriptedLog();
    const { read, pass, commit, another } = await setupSettled({ log });
    log.pushes = false;
    commit();
    log.appendElsewhere([USER]);

    // Within the bound on staleness this process does not know of it.
    expect(await read(another)).toBe('any 0');
    // A third of the bound later the log was asked.
    await pass(100);
    expect(await read(another)).toBe('primary 1');
    await pass(LAG - 1);
    expect(await read({ keyParts: ['a'] })).toBe('primary 1');
    await pass(1);
    expect(await read({ keyParts: ['b'] })).toBe('any 1');
  });

  it('a load goes to the primary while a record of this process is being appended or waits for the log', async () => {
    const log = new ScriptedLog();
    const { read, write, pass, clock, asked } = await setupSettled({ log });
    const open = log.hold('append');
    const writing = write();
    await settle();
    expect(await read({ keyParts: ['a'] })).toBe('primary 1');
    open();
    await writing;
    await pass(2 * LAG);
    expect(await read({ keyParts: ['b'] })).toBe('any 1');

    log.down = new Error('away');
    await write();
    clock.advance(1);
    expect(await read({ keyParts: ['c'] })).toBe('primary 2');
    expect(asked).toEqual(['primary', 'any', 'primary']);
  });

  it('a load goes to the primary while the log cannot be confirmed, and for replicaLag afterwards', async () => {
    const log = new ScriptedLog();
    const { read, pass } = await setupSettled({ log });
    log.down = new Error('away');
    await pass(400);
    expect(await read({ keyParts: ['a'] })).toBe('primary 0');

    log.down = undefined;
    await pass(100);
    expect(await read({ keyParts: ['b'] })).toBe('primary 0');
    await pass(LAG);
    expect(await read({ keyParts: ['c'] })).toBe('any 0');
  });

  it('a load goes to the primary for replicaLag after the log began a new epoch', async () => {
    const log = new ScriptedLog();
    const { read, pass } = await setupSettled({ log });
    log.restart('e2');
    log.interrupt();
    await settle();

    expect(await read({ keyParts: ['a'] })).toBe('primary 0');
    await pass(LAG - 1);
    expect(await read({ keyParts: ['b'] })).toBe('primary 0');
    await pass(1);
    expect(await read({ keyParts: ['c'] })).toBe('any 0');
  });

  it('a load goes to the primary until writes announced to a lost log are visible on replicas as well', async () => {
    const log = new ScriptedLog();
    const { read, pass } = await setup({ log, intents: { lease: '400ms', fence: '900ms' } });
    await read();
    await pass(900 + LAG - 1);
    expect(await read({ keyParts: ['a'] })).toBe('primary 0');
    await pass(1);
    expect(await read({ keyParts: ['b'] })).toBe('any 0');

    log.restart('e2');
    log.interrupt();
    await settle();
    await pass(900 + LAG - 1);
    expect(await read({ keyParts: ['c'] })).toBe('primary 0');
    await pass(1);
    expect(await read({ keyParts: ['d'] })).toBe('any 0');
  });

  it('a strong read goes to the primary', async () => {
    const log = new ScriptedLog();
    const { read, pass } = await setup({ log, intents: { lease: '100ms', fence: '200ms' } });
    await read();
    await pass(200 + LAG);

    expect(await read({ keyParts: ['a'] })).toBe('any 0');
    expect(await read({ keyParts: ['b'], consistency: 'strong' })).toBe('primary 0');
  });

  it('a load goes to the primary if the ttl is not above replicaLag, by which results of replicas count as older', async () => {
    const { read, pass } = await setupSettled();
    const lifetime = { ttl: LAG, swr: 0, grace: 0 };
    expect(await read({ keyParts: ['a'], lifetime })).toBe('primary 0');

    const longer = { ttl: LAG + 100, swr: 0, grace: 0 };
    expect(await read({ lifetime: longer })).toBe('any 0');
    expect(await read({ lifetime })).toBe('primary 0');
    expect(await read({ keyParts: ['b'], lifetime: longer })).toBe('any 0');
    await pass(99);
    expect(await read({ keyParts: ['b'], lifetime: longer })).toBe('cache 0');
    await pass(1);
    expect(await read({ keyParts: ['b'], lifetime: longer })).toBe('any 0');
  });

  it('a check of the observer goes to the primary', async () => {
    const { read, clock, asked, cache } = await setupSettled({ observe: 1 });
    await read();
    expect(await read()).toBe('cache 0');
    clock.advance('1300ms');
    await settle();

    expect(asked).toEqual(['any', 'primary']);
    expect(cache.stats().observer).toMatchObject({ verified: 1 });
  });
});

describe('a load that may go to a replica', () => {
  it('is shared by reads that may go to a replica themselves', async () => {
    const { read, hold, asked } = await setupSettled();
    const release = hold();
    const both = [read(), read()];
    await settle();
    release();

    await Promise.all(both);
    expect(asked).toEqual(['any']);
  });

  it('is neither joined after a change nor cached', async () => {
    const { read, write, hold, cache } = await setupSettled();
    const release = hold();
    const early = read();
    await settle();
    await write();
    const late = read();
    await settle();
    release();

    await Promise.all([early, late]);
    expect(await early).toMatch(/ 0$/);
    expect(await late).toBe('primary 1');
    expect(await read()).toBe('cache 1');
    expect(cache.stats().coalesced).toBe(0);
  });

  it('is not joined once the log cannot be confirmed, because it may be older than maxStaleness by then', async () => {
    const log = new ScriptedLog();
    const { read, hold, asked, commit, clock } = await setupSettled({ log });
    log.pushes = false;
    commit();
    log.appendElsewhere([USER]);
    log.down = new Error('away');
    clock.advance(150);
    const release = hold();
    const early = read();
    await settle();
    clock.advance(200);
    const late = read();
    await settle();
    release();

    expect(await early).toMatch(/ 0$/);
    expect(await late).toBe('primary 1');
    expect(asked).toEqual(['any', 'primary']);
  });

  it('goes to the primary if the log became unreachable during the look-up in the shared tier', async () => {
    const log = new ScriptedLog();
    const lookUp = held<undefined>();
    const tier = { ...emptyTier, get: () => lookUp.promise };
    const { read, asked, commit, clock, pass } = await setup({ log, tier });
    lookUp.release(undefined);
    await read({ keyParts: ['first'] });
    await pass(LAG);
    const slow = held<undefined>();
    tier.get = () => slow.promise;
    log.pushes = false;
    commit();
    log.appendElsewhere([USER]);
    log.down = new Error('away');
    clock.advance(150);
    const early = read();
    await settle();
    clock.advance(200);
    const late = read();
    await settle();
    slow.release(undefined);

    await Promise.all([early, late]);
    expect(await late).toMatch(/ 1$/);
    expect(asked).toEqual(['primary', 'primary']);
  });

  it('is not used for a read that joined it with a ttl not above replicaLag', async () => {
    const { read, hold, asked } = await setupSettled();
    const release = hold();
    const both = [read(), read({ lifetime: { ttl: LAG, swr: 0, grace: 0 } })];
    await settle();
    release();

    await Promise.all(both);
    expect(asked).toEqual(['any', 'primary']);
  });
});

it('the load event reports whether a replica may be used', async () => {
  const { cache, read, another } = await setupSettled();
  const origins: string[] = [];
  cache.on((event) => {
    if (event.type === 'load') origins.push(event.origin);
  });
  await read();
  await cache.invalidate([USER]);
  await read(another);

  expect(origins).toEqual(['any', 'primary']);
});
