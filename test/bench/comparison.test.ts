import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bentocaches } from '../../comparison/src/contestants/bentocache.js';
import { cachetastic } from '../../comparison/src/contestants/cachetastic.js';
import type { Contestant } from '../../comparison/src/contestants/index.js';
import { type InFlightFound, otherNode, sameNode } from '../../comparison/src/scenarios/in-flight.js';
import type { Scenario } from '../../comparison/src/scenarios/scenario.js';
import { openWorld } from '../../comparison/src/world.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const DURATIONS = { killed: 1_000, stopped: 1_000, cutOff: 1_000, ttl: 10_000, repetitions: 2 };

/** Forgets what is written and keeps whatever a load brings: what is wrong with it must be found. */
const forgetful: Contestant = {
  name: 'forgetful',
  open() {
    const kept = new Map<string, number>();
    return {
      async read(key, load) {
        const version = kept.get(key) ?? (await load());
        kept.set(key, version);
        return version;
      },
      async write(key, run) {
        const version = await run();
        kept.delete(key);
        return version;
      },
      close: async () => undefined,
    };
  },
};

async function find(scenario: Scenario<InFlightFound>, contestant: Contestant): Promise<InFlightFound> {
  const world = await openWorld(contestant, { ttl: 600, nodes: 'here' });
  try {
    return await scenario.play(world, DURATIONS);
  } finally {
    await world.close();
  }
}

describe.each([sameNode, otherNode])('comparison $id', (scenario) => {
  it('counts no stale read of Cachetastic', async () => {
    expect(await find(scenario, cachetastic)).toEqual({ repetitions: 2, oldAtLoader: 0, oldAtOther: 0 });
  });

  it('counts stale reads of a cache that serves them', async () => {
    expect(await find(scenario, forgetful)).toEqual({ repetitions: 2, oldAtLoader: 2, oldAtOther: 0 });
  });

  it('runs with another library as well, and makes a cell of each finding', async () => {
    const [peer] = bentocaches;
    if (peer === undefined) throw new Error('There is no peer');

    const found = await find(scenario, peer);

    expect(scenario.columns.map(({ cell }) => cell(found))).toEqual([
      expect.stringMatching(/^[012] of 2$/),
      expect.stringMatching(/^[012] of 2$/),
    ]);
  });
});

it('the comparison refuses an invalid option with the allowed values', async () => {
  const options = ['--import', 'tsx', 'comparison/src/main.ts', '--seconds', 'many'];

  await expect(promisify(execFile)(process.execPath, options, { cwd: root })).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--seconds: got 'many', allowed: 1 to 60"),
  });
});
