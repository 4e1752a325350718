import { setTimeout as delay } from 'node:timers/promises';
import { middleAndMost, milliseconds, outOf } from '../figures.js';
import { machineTime } from '../machine-time.js';
import type { CacheNode } from '../node/cache-node.js';
import type { Call, Kind } from '../node/traffic.js';
import type { World } from '../world.js';
import { type Durations, type Family, LONG, type Scenario } from './scenario.js';

/** For traffic to begin, and for whatever it began to be over, in milliseconds. */
const BEFORE = 1_000;
/** How long calls of the outage may go on after it, and how long a cache may take to work again, in milliseconds. */
const PATIENCE = 15_000;
/** What a bus, or a fill behind the caller's back, is given before the other node is asked, in milliseconds. */
const SPREADING = 100;

/** What one node met while Redis was away. Times are in milliseconds. */
export interface OutageFound {
  /** The calls that began during the outage. */
  readonly calls: readonly Call[];
  /** From the end of the outage until this node has answered a second read from its cache. */
  readonly ownAgain: number;
  /** Until another node has what this one loaded, without asking the origin. */
  readonly sharedAgain: number;
}

export const killed: Scenario<OutageFound> = {
  ...outage('killed'),
  id: '1',
  title: (durations) => `Redis is killed for ${durations.killed / 1_000} s and comes back empty`,
};

export const stopped: Scenario<OutageFound> = {
  ...outage('stopped'),
  id: '2',
  title: (durations) => `Redis is stopped (SIGSTOP) for ${durations.stopped / 1_000} s`,
};

function outage(kind: 'killed' | 'stopped'): Family<OutageFound> {
  return {
    ttl: () => LONG,
    limit: (durations) => durations[kind] + 4 * PATIENCE,
    columns: [
      { heading: 'hot reads', cell: ({ calls }) => middleAndMost(took(calls, 'hot')) },
      { heading: 'not loaded', cell: ({ calls }) => share(of(calls, 'hot')) },
      { heading: 'cold reads', cell: ({ calls }) => middleAndMost(took(calls, 'cold')) },
      { heading: 'writes', cell: ({ calls }) => middleAndMost(took(calls, 'write')) },
      { heading: 'rejected', cell: ({ calls }) => outOf(calls.filter((call) => call.rejected).length, calls.length) },
      { heading: 'own cache', cell: ({ ownAgain }) => milliseconds(ownAgain) },
      { heading: 'shared cache', cell: ({ sharedAgain }) => milliseconds(sharedAgain) },
    ],
    play: (world, durations) => play(world, kind, durations),
  };
}

async function play(world: World, kind: 'killed' | 'stopped', durations: Durations): Promise<OutageFound> {
  const { redis } = world;
  const [node, other] = await Promise.all([world.openNode(), world.openNode()]);
  await node.read('hot-0');
  await other.read('hot-0');
  await world.begin();
  await node.startTraffic();
  await delay(BEFORE);

  await (kind === 'killed' ? redis.kill() : redis.pause());
  const begun = machineTime();
  await delay(durations[kind]);
  const ending = machineTime();
  await (kind === 'killed' ? redis.restart({ empty: true }) : redis.resume());
  const back = machineTime();
  const [ownAgain, sharedAgain] = await Promise.all([
    until(back, (attempt) => repeats(node, `own-${attempt}`)),
    until(back, (attempt) => spreads(node, other, `shared-${attempt}`)),
  ]);
  const calls = await node.stopTraffic(PATIENCE);
  return {
    calls: calls.filter(({ startedAt }) => startedAt >= begun && startedAt < ending),
    ownAgain,
    sharedAgain,
  };
}

/** How long after `since` the first attempt had succeeded; never: `Infinity`. A slow attempt does not stop the next. */
async function until(since: number, attempt: (number: number) => Promise<boolean>): Promise<number> {
  let found = Number.POSITIVE_INFINITY;
  for (let number = 1; found === Number.POSITIVE_INFINITY && machineTime() - since < PATIENCE; number++) {
    void attempt(number).then(
      (worked) => {
        if (worked) found = Math.min(found, machineTime() - since);
      },
      // A call that rejects has not worked. If the node is gone, so is the next call, which is waited for.
      () => undefined,
    );
    await delay(50);
  }
  return found;
}

async function repeats(node: CacheNode, key: string): Promise<boolean> {
  await node.read(key);
  return !(await node.read(key)).loaded;
}

async function spreads(node: CacheNode, other: CacheNode, key: string): Promise<boolean> {
  await node.read(key);
  await delay(SPREADING);
  return !(await other.read(key)).loaded;
}

function of(calls: readonly Call[], kind: Kind): readonly Call[] {
  return calls.filter((call) => call.kind === kind);
}

function took(calls: readonly Call[], kind: Kind): readonly number[] {
  return of(calls, kind).map((call) => call.took);
}

function share(calls: readonly Call[]): string {
  const answered = calls.filter(({ loaded, rejected, took }) => !loaded && !rejected && Number.isFinite(took));
  return `${((100 * answered.length) / calls.length).toFixed(0)} %`;
}
