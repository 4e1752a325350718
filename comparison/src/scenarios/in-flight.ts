import { setTimeout as delay } from 'node:timers/promises';
import { outOf } from '../figures.js';
import type { World } from '../world.js';
import { type Durations, type Family, LONG, type Scenario, SUBSCRIBING } from './scenario.js';

/** What an invalidation is given to reach the other node, and a fill to reach Redis, in milliseconds. */
const SPREADING = 100;
/** How long an invalidation may wait for the load that it overtakes, in milliseconds. */
const PATIENCE = 2_000;

/** How often the next read gave what was read before the change. */
export interface InFlightFound {
  readonly repetitions: number;
  readonly oldAtLoader: number;
  readonly oldAtOther: number;
}

export const sameNode: Scenario<InFlightFound> = {
  ...inFlight('loader'),
  id: '5a',
  title: () => 'A row changes while it is loaded: the node that loads it changes it',
};

export const otherNode: Scenario<InFlightFound> = {
  ...inFlight('other'),
  id: '5b',
  title: () => 'A row changes while it is loaded: another node changes it',
};

function inFlight(writes: 'loader' | 'other'): Family<InFlightFound> {
  return {
    ttl: () => LONG,
    limit: ({ repetitions }) => 60_000 + repetitions * 2 * PATIENCE,
    columns: [
      { heading: 'old at the loader', cell: ({ oldAtLoader, repetitions }) => outOf(oldAtLoader, repetitions) },
      { heading: 'old at the other', cell: ({ oldAtOther, repetitions }) => outOf(oldAtOther, repetitions) },
    ],
    play: (world, durations) => play(world, writes, durations),
  };
}

async function play(world: World, writes: 'loader' | 'other', { repetitions }: Durations): Promise<InFlightFound> {
  const { rows } = world;
  const [loader, other] = await Promise.all([world.openNode(), world.openNode()]);
  await world.begin();
  await delay(SUBSCRIBING);
  let [oldAtLoader, oldAtOther] = [0, 0];
  for (let number = 1; number <= repetitions; number++) {
    const key = `overtaken-${number}`;
    const load = rows.hold(key);
    const reading = loader.read(key);
    await Promise.race([load.begun, reading]);
    const writing = (writes === 'loader' ? loader : other).write(key);
    const both = Promise.all([reading, writing]);
    await Promise.race([writing, both, delay(PATIENCE)]);
    await delay(SPREADING);
    load.release();
    await both;
    await delay(SPREADING);

    const isOld = async (node: typeof loader): Promise<boolean> => (await node.read(key)).version < rows.versionOf(key);
    if (await isOld(loader)) oldAtLoader++;
    if (await isOld(other)) oldAtOther++;
  }
  return { repetitions, oldAtLoader, oldAtOther };
}
