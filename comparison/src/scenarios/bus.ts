import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { milliseconds } from '../figures.js';
import { machineTime } from '../machine-time.js';
import type { CacheNode } from '../node/cache-node.js';
import type { World } from '../world.js';
import { type Durations, type Family, type Scenario, SUBSCRIBING } from './scenario.js';

/** How long the way of a node is cut; the change comes in the middle. In milliseconds. */
const CUT = 1_500;
/** How long an old answer may outlive its time, and subscriptions may take to come back, in milliseconds. */
const PATIENCE = 10_000;

/** For how long another node gave the old answer, in milliseconds since the change was acknowledged. */
export interface BusFound {
  /** While nothing is wrong. */
  readonly usually: number;
  readonly old: number;
  /** The same, since the other node was subscribed again. */
  readonly oldAfterwards: number;
}

export const subscribersKilled: Scenario<BusFound> = {
  ...bus('killed'),
  id: '3a',
  title: ({ ttl }) => `CLIENT KILL TYPE pubsub right before a change; answers are fresh for ${ttl / 1_000} s`,
};

export const nodeCut: Scenario<BusFound> = {
  ...bus('cut'),
  id: '3b',
  title: ({ ttl }) =>
    `A node loses its way to Redis for ${CUT / 1_000} s, with a change in the middle; answers are fresh for ${ttl / 1_000} s`,
};

function bus(kind: 'killed' | 'cut'): Family<BusFound> {
  return {
    ttl: ({ ttl }) => ttl,
    limit: ({ ttl }) => 3 * ttl + 3 * PATIENCE,
    columns: [
      { heading: 'old, no fault', cell: ({ usually }) => milliseconds(usually) },
      { heading: 'old for', cell: ({ old }) => milliseconds(old) },
      { heading: 'after it was subscribed again', cell: ({ oldAfterwards }) => milliseconds(oldAfterwards) },
    ],
    play: (world, durations) => play(world, kind, durations),
  };
}

async function play(world: World, kind: 'killed' | 'cut', { ttl }: Durations): Promise<BusFound> {
  const { redis, rows } = world;
  const way = await world.openWay();
  const [writer, reader] = await Promise.all([world.openNode(), world.openNode(way)]);
  const control = new Redis(redis.url);
  let healthy = Promise.resolve();
  try {
    await world.begin();
    await delay(SUBSCRIBING);
    const usually = await oldFor(world, { writer, reader, key: 'usual-1', patience: ttl + PATIENCE });
    const subscribed = await subscribers(control);
    let healthyAt = Number.POSITIVE_INFINITY;
    const becomesHealthy = async (): Promise<void> => {
      healthyAt = await subscribedAgain(control, subscribed);
    };

    const old = await oldFor(world, {
      ...{ writer, reader, key: 'changed-2', patience: ttl + PATIENCE },
      async before() {
        if (kind === 'killed') {
          await control.client('KILL', 'TYPE', 'PUBSUB');
          healthy = becomesHealthy();
        } else {
          way.refuse();
          await delay(CUT / 2);
        }
      },
      async after() {
        if (kind === 'killed') return;
        await delay(CUT / 2);
        way.restore();
        healthy = becomesHealthy();
      },
    });
    await healthy;
    const { lastAt } = await lastOld(reader, 'changed-2', rows.versionOf('changed-2'));
    return { usually, old, oldAfterwards: Math.max(0, lastAt - healthyAt) };
  } finally {
    control.disconnect();
    // If something failed before, that is what to tell.
    await healthy.catch(() => undefined);
  }
}

interface Change {
  readonly writer: CacheNode;
  readonly reader: CacheNode;
  readonly key: string;
  /** How long the old answer is waited out, in milliseconds. */
  readonly patience: number;
  readonly before?: () => Promise<void>;
  readonly after?: () => Promise<void>;
}

/** Changes a row that both nodes have in memory. @returns For how long the reader gave the old one. */
async function oldFor({ rows }: World, { writer, reader, key, patience, before, after }: Change): Promise<number> {
  await writer.read(key);
  await reader.read(key);
  await reader.startWatch([key]);
  await delay(100);

  await before?.();
  const { acknowledgedAt } = await writer.write(key);
  await after?.();
  const version = rows.versionOf(key);
  const giveUp = machineTime() + patience;
  while (!(await reader.sightings()).some((seen) => seen.key === key && seen.version === version)) {
    if (machineTime() > giveUp) return Number.POSITIVE_INFINITY;
    await delay(20);
  }
  return Math.max(0, (await lastOld(reader, key, version)).lastAt - acknowledgedAt);
}

async function lastOld(reader: CacheNode, key: string, version: number): Promise<{ readonly lastAt: number }> {
  const old = (await reader.sightings()).filter((seen) => seen.key === key && seen.version < version);
  return { lastAt: Math.max(0, ...old.map(({ lastAt }) => lastAt)) };
}

async function subscribers(control: Redis): Promise<number> {
  const clients = await control.client('LIST', 'TYPE', 'PUBSUB');
  return String(clients).split('\n').filter(Boolean).length;
}

/** @returns When there were as many subscribers as before, in `machineTime`; `Infinity` if that takes too long. */
async function subscribedAgain(control: Redis, wanted: number): Promise<number> {
  const giveUp = machineTime() + PATIENCE;
  while (machineTime() < giveUp) {
    if ((await subscribers(control)) >= wanted) return machineTime();
    await delay(5);
  }
  return Number.POSITIVE_INFINITY;
}
