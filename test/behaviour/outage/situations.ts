import { setTimeout as delay } from 'node:timers/promises';
import { observe } from '../../support/observed-reads.js';
import { waitUntil } from '../../support/services/index.js';
import { changePassword, command, restorePassword, type World } from './world.js';

/** Something that happens to Redis, or to a way to it, for a while. */
export interface Situation {
  readonly name: string;
  /** Whose Redis is out of reach meanwhile. */
  readonly lost: readonly ('here' | 'there')[];
  /** Whether Redis comes back as another server: it was started again. */
  readonly anew: boolean;
  /** In milliseconds. */
  readonly lasts: number;
  readonly begin: (world: World) => unknown;
  readonly end: (world: World) => unknown;
}

/** Longer than an unconfirmed answer may be served, with time to see what follows. */
const LASTS = 1_700;
const BOTH = ['here', 'there'] as const;
const OUT_OF_REACH = { lost: BOTH, anew: false, lasts: LASTS } as const;

/** For a Redis that was killed before the caches opened. */
export const DOWN_AT_START: Situation = {
  ...OUT_OF_REACH,
  ...{ name: 'down at start', anew: true },
  // Until then reads say `opening`, which is no outage.
  begin: ({ here, there }) =>
    waitUntil(
      'the end of the opening',
      async () => {
        const reads = [await observe(here, 'row'), await there.call('see', { read: 'row' })];
        if (reads.some(({ reason }) => reason !== 'log-unconfirmed')) throw new Error(JSON.stringify(reads));
      },
      30_000,
    ),
  end: ({ redis }) => redis.restart({ empty: true }),
};

export const OUT_OF_MEMORY: Situation = {
  ...OUT_OF_REACH,
  ...{ name: 'out of memory', lost: [] },
  begin: ({ redis }) => command(redis.url, 'config', 'set', 'maxmemory', '1mb'),
  end: ({ redis }) => command(redis.url, 'config', 'set', 'maxmemory', '0'),
};

/** For two processes that share one way. */
export const SHARED: readonly Situation[] = [
  {
    ...OUT_OF_REACH,
    ...{ name: 'killed, comes back empty', anew: true },
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.restart({ empty: true }),
  },
  {
    ...OUT_OF_REACH,
    ...{ name: 'killed, comes back with its data', anew: true },
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.restart(),
  },
  {
    ...OUT_OF_REACH,
    ...{ name: 'paused', lasts: 8_000 },
    begin: ({ redis }) => redis.pause(),
    end: ({ redis }) => redis.resume(),
  },
  {
    ...OUT_OF_REACH,
    name: 'read-only',
    begin: ({ redis }) => command(redis.url, 'replicaof', '127.0.0.1', '1'),
    end: ({ redis }) => command(redis.url, 'replicaof', 'no', 'one'),
  },
  {
    ...OUT_OF_REACH,
    name: 'wrong password',
    begin: ({ redis }) => changePassword(redis),
    end: ({ redis }) => restorePassword(redis),
  },
];

/** For two processes that have each their own way. */
export const APART: readonly Situation[] = [
  {
    ...OUT_OF_REACH,
    name: 'black hole',
    begin: (world) => blackhole(world, ...BOTH),
    end: (world) => restore(world, ...BOTH),
  },
  {
    ...OUT_OF_REACH,
    ...{ name: 'black hole, the writer is back last', lasts: 1_400 },
    begin: (world) => blackhole(world, ...BOTH),
    end: async (world) => {
      restore(world, 'there');
      await delay(500);
      restore(world, 'here');
    },
  },
  {
    ...OUT_OF_REACH,
    ...{ name: 'black hole for the reader only', lost: ['there'] },
    begin: (world) => blackhole(world, 'there'),
    end: (world) => restore(world, 'there'),
  },
  {
    ...OUT_OF_REACH,
    ...{ name: 'black hole for the writer only', lost: ['here'] },
    begin: (world) => blackhole(world, 'here'),
    end: (world) => restore(world, 'here'),
  },
];

function blackhole({ ways }: World, ...whose: readonly ('here' | 'there')[]): void {
  for (const who of whose) ways?.[who].blackhole();
}

function restore({ ways }: World, ...whose: readonly ('here' | 'there')[]): void {
  for (const who of whose) ways?.[who].restore();
}
