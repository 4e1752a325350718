import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isHit, median, type Observation, observe } from '../support/observed-reads.js';
import { between, type Findings, findingsOf, tableOf } from './outage/findings.js';
import { PAUSE, type Played, play } from './outage/play.js';
import { APART, DOWN_AT_START, OUT_OF_MEMORY, SHARED, type Situation } from './outage/situations.js';
import { openWorld, ready, settled, type World } from './outage/world.js';

/*
 * What happens to Redis while two processes use it: only events report it, and no read gets an outdated result. Speed is
 * printed; what is asserted is how often a caller waited, and for how long at most.
 */

/** The defaults, in milliseconds. */
const DEADLINE = 50;
const MAX_STALENESS = 1_000;
/** What a busy machine may add to a bound on staleness: the time between what a test sees and what a cache sees. */
const MARGIN = 250;
/** What it may add to a deadline: a statement of the database and the turns of two event loops. */
const BUSY = 1_500;
/** How many calls may be under way when a breaker opens: four reads, their fills, a write and the heartbeat. */
const UNDER_WAY = 24;
/** For how long a breaker stays open. */
const PAUSE_OF_BREAKER = 1_000;

const findings = new Map<string, Findings>();
const unhandled: unknown[] = [];
const noteUnhandled = (error: unknown): number => unhandled.push(error);

let fresh: World;
let shared: World;
let apart: World;

beforeAll(async () => {
  process.on('unhandledRejection', noteUnhandled);
  [fresh, shared, apart] = await Promise.all([openWorld(), openWorld(), openWorld({ proxied: true })]);
});

afterAll(async () => {
  console.log(tableOf(findings));
  for (const world of [fresh, shared, apart]) await world.close();
  process.off('unhandledRejection', noteUnhandled);
});

afterEach(() => expect(unhandled).toEqual([]));

describe('whatever happens to Redis, no query rejects, hangs or stays wrong:', () => {
  it(DOWN_AT_START.name, async () => {
    await fresh.redis.kill();
    // A client's first queries are slow; uncached, they open no cache.
    for (let query = 0; query < 30; query++) await fresh.here.db.user.findMany();

    const played = await play(fresh, DOWN_AT_START);

    check(DOWN_AT_START, played);
    expect(played.here.story).toEqual(['log-unconfirmed', 'log-reset: start', 'log-confirmed']);
    expect(played.there.story).toEqual(['log-unconfirmed', 'log-reset: start', 'log-confirmed']);
  });

  it.each(SHARED)('$name', async (situation) => void (await playOn(shared, situation)));
  it.each(APART)('$name', async (situation) => void (await playOn(apart, situation)));

  it(`${OUT_OF_MEMORY.name}: it stores no results, and accepts every invalidation`, async () => {
    const played = await playOn(shared, OUT_OF_MEMORY);

    const { here, events, writes, times } = played;
    const refused = events.filter((event) => event.type === 'tier-failed' && /OOM/.test(String(event.error)));
    const operations = refused.map((event) => event.type === 'tier-failed' && event.operation);
    expect(new Set(operations)).toEqual(new Set(['set']));
    const written = between(writes, times.begun, times.ending);
    // What waits, waits for a deadline that the machine missed: as many as a breaker may then keep waiting for a second.
    const excused = findingsOf(played).deadlines * (PAUSE_OF_BREAKER / PAUSE);
    expect(written.filter(({ waits }) => waits).length).toBeLessThanOrEqual(excused);
    expect(between(here.reads, times.begun, times.ending).filter(({ source }) => source === 'memory')).not.toEqual([]);
  });
});

async function playOn(world: World, situation: Situation): Promise<Played> {
  await ready(world);

  const played = await play(world, situation);

  check(situation, played);
  // Both had what is written in memory, or nothing was at stake.
  for (const { reads } of [played.here, played.there]) {
    const kept = between(reads, 0, played.times.begun).filter(({ source, version }) => source === 'memory' && version);
    expect(kept).not.toEqual([]);
  }
  for (const side of ['here', 'there'] as const) {
    const { story } = played[side];
    if (situation.lost.includes(side)) {
      expect(story).toContain('log-unconfirmed');
      expect(story.lastIndexOf('log-confirmed')).toBeGreaterThan(story.lastIndexOf('log-unconfirmed'));
    }
    // A process that comes back distrusts what was cached before, because of the new epoch or by its own decision. So does
    // a process that the machine kept from every reply for a second.
    const resets = new Set(story.filter((event) => event.startsWith('log-reset')));
    if (!situation.anew && !situation.lost.includes(side)) resets.delete('log-reset: outage');
    const distrusted = situation.anew
      ? ['log-reset: epoch']
      : situation.lost.includes(side)
        ? ['log-reset: outage']
        : [];
    expect([...resets]).toEqual(distrusted);
  }
  return played;
}

/** What holds in every situation. */
function check({ name, lost, lasts }: Situation, played: Played): void {
  const found = findingsOf(played);
  findings.set(name, found);
  const { here, there, writes, events, times } = played;

  expect([here.failures, there.failures, played.writeFailures, played.accidents]).toEqual([[], [], [], []]);
  expect(found.reads.length).toBeGreaterThan(10);
  expect(found.writes.length).toBeGreaterThan(2);

  // The writer reads what it wrote, at any time. The other process does as soon as the log has it, within the bound.
  expect(found.staleHere).toBe(0);
  expect(found.behindLog).toBeLessThan(MAX_STALENESS + MARGIN);
  // Who lost Redis trusts nothing meanwhile, whether or not the log has it, and nothing from before afterwards.
  if (lost.length !== 1 || lost.includes('there')) {
    expect(found.behindDuring).toBeLessThan(MAX_STALENESS + MARGIN);
    expect(found.behindAfter).toBeLessThan(MAX_STALENESS + MARGIN);
  }
  for (const side of lost) {
    const asked = between(played[side].reads, times.begun + MAX_STALENESS + MARGIN, times.ending);
    const late = [...asked.filter(({ startedAt, took }) => startedAt + took < times.ending), ...played.last[side]];
    expect(late.filter(isHit)).toEqual([]);
    expect(new Set(late.map(({ reason }) => reason))).toEqual(new Set(['log-unconfirmed']));
  }

  // Only the first wait for Redis, and one a second after them. Whatever else takes time is the database and the machine.
  expect(found.deadlines).toBeLessThan(UNDER_WAY + 4 * (lasts / 1_000));
  expect(Math.max(...found.reads)).toBeLessThan(DEADLINE + BUSY);
  expect(Math.max(...found.writes)).toBeLessThan(DEADLINE + BUSY);

  // Invalidations waited, were not lost and arrived.
  const waited = events.filter((event) => event.type === 'invalidate' && event.queued);
  if (lost.includes('here')) {
    expect(waited.length).toBeGreaterThan(1);
    expect(waited.length).toBeLessThanOrEqual(writes.length);
    expect(events).toContainEqual(expect.objectContaining({ type: 'tier-failed', tier: 'redis' }));
  }
  expect([...here.story, ...there.story]).not.toContain('invalidation-lost');
  expect([...here.story, ...there.story]).not.toContain('queue-overflow');
  const last = writes.at(-1)?.version;
  for (const { reads } of [here, there]) {
    const afterwards = between(reads, times.settled, Number.POSITIVE_INFINITY);
    expect(versionsIn(afterwards)).toEqual([last]);
    expect(afterwards.filter(isHit)).not.toEqual([]);
  }
}

function versionsIn(reads: readonly Observation[]): readonly number[] {
  return [...new Set(reads.flatMap(({ version }) => version ?? []))];
}

/** What one write of the following tests waits with: as many as one record names, and as the queue has room for. */
const CHANGES = 100;
const MOST_WAITING = 10_000;

/** 10,000 changes take a while on a busy machine, which may have to try again. */
const PATIENCE = { timeout: 600_000 };

describe('invalidations that wait for Redis', () => {
  it('are delivered as precisely as possible, up to the limit of the queue', PATIENCE, async () => {
    const { found, overflows } = await queueUp(MOST_WAITING / CHANGES);

    // The table that was written is named as a whole, and no other.
    expect(found).toMatchObject({ source: 'memory' });
    expect(overflows).toEqual([]);
  });

  it(
    'beyond the limit of the queue become one that affects everything, and an event reports it',
    PATIENCE,
    async () => {
      const { found, overflows } = await queueUp(MOST_WAITING / CHANGES + 1);

      expect(overflows).toEqual([{ type: 'queue-overflow', dropped: MOST_WAITING + CHANGES }]);
      expect(found).toMatchObject({ source: 'origin', reason: 'invalidated' });
    },
  );

  let tags = 1_000;

  /** Cuts this process off, writes as often as told, and asks the other for what no write changed, when all is heard. */
  async function queueUp(writes: number): Promise<{ found: Observation; overflows: unknown[] }> {
    const { there } = apart;
    for (let attempt = 0; ; attempt++) {
      const { logResets } = await there.call('stats');
      const found = await queueOnce(writes);
      // A process that the machine kept from every answer of a second distrusts all it has, whatever it hears.
      if ((await there.call('stats')).logResets === logResets || attempt === 7) return found;
    }
  }

  async function queueOnce(writes: number): Promise<{ found: Observation; overflows: unknown[] }> {
    const { here, there, ways, events } = apart;
    await ready(apart);
    await there.call('see', { read: 'quiet' });
    expect(await there.call('see', { read: 'quiet' })).toMatchObject({ source: 'memory' });
    const before = events.length;

    ways?.here.blackhole();
    for (let write = 0; write < writes; write++) {
      const data = Array.from({ length: CHANGES }, () => ({ id: ++tags, label: `tag ${tags}` }));
      await here.db.tag.createMany({ data });
    }
    const waiting = here.db.$cache.stats().queued;
    const reads: number[] = [];
    for (let read = 0; read < 30; read++) reads.push((await observe(here, 'quiet')).took);
    console.log(`With ${waiting} invalidations waiting, a read takes ${median(reads).toFixed(1)} ms.`);
    ways?.here.restore();
    await settled(apart);

    const overflows = events.slice(before).filter(({ type }) => type === 'queue-overflow');
    let found = await there.call('see', { read: 'quiet' });
    while (found.reason === 'log-unconfirmed') found = await there.call('see', { read: 'quiet' });
    return { found, overflows };
  }
});
