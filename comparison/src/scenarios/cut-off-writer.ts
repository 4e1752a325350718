import { setTimeout as delay } from 'node:timers/promises';
import { middleAndMost, milliseconds, outOf } from '../figures.js';
import { machineTime } from '../machine-time.js';
import type { CacheNode } from '../node/cache-node.js';
import type { Sighting } from '../node/watch.js';
import type { Rows } from '../origin.js';
import type { World } from '../world.js';
import { type Durations, type Family, LONG, type Scenario } from './scenario.js';

const KEYS = Array.from({ length: 10 }, (_, number) => `kept-${number}`);
/** How long calls may go on when the way is open again, and what queues of all kinds are given then, in milliseconds. */
const PATIENCE = 15_000;
const SETTLING = 5_000;

/** What became of invalidations by a node that could not reach Redis. Times are in milliseconds. */
export interface CutOffFound {
  readonly keys: number;
  /** How long each write took; `Infinity` where it did not end. */
  readonly writes: readonly number[];
  readonly rejected: number;
  /** Rows of which a node gives an old version when all is over: the writer, another one, one that has just begun. */
  readonly oldAtWriter: number;
  readonly oldAtOther: number;
  readonly oldAtFresh: number;
  /** For how long the other node gave an old version at most, since the way was open again; `Infinity`: it still does. */
  readonly oldAfterwards: number;
}

export const blackHole: Scenario<CutOffFound> = {
  ...cutOff('silent'),
  id: '4a',
  title: ({ cutOff }) =>
    `A writer's packets vanish (black hole) for ${cutOff / 1_000} s while it changes ${KEYS.length} rows`,
};

export const refused: Scenario<CutOffFound> = {
  ...cutOff('refused'),
  id: '4b',
  title: ({ cutOff }) =>
    `A writer's connections are refused for ${cutOff / 1_000} s while it changes ${KEYS.length} rows`,
};

function cutOff(kind: 'silent' | 'refused'): Family<CutOffFound> {
  return {
    ttl: () => LONG,
    limit: (durations) => durations.cutOff + PATIENCE + SETTLING + 60_000,
    columns: [
      { heading: 'writes', cell: ({ writes }) => middleAndMost(writes) },
      { heading: 'rejected', cell: ({ rejected, keys }) => outOf(rejected, keys) },
      { heading: 'old at writer', cell: ({ oldAtWriter, keys }) => outOf(oldAtWriter, keys) },
      { heading: 'old at other', cell: ({ oldAtOther, keys }) => outOf(oldAtOther, keys) },
      { heading: 'old at fresh', cell: ({ oldAtFresh, keys }) => outOf(oldAtFresh, keys) },
      { heading: 'other was old after it', cell: ({ oldAfterwards }) => milliseconds(oldAfterwards) },
    ],
    play: (world, durations) => play(world, kind, durations),
  };
}

async function play(world: World, kind: 'silent' | 'refused', durations: Durations): Promise<CutOffFound> {
  const way = await world.openWay();
  const [writer, other] = await Promise.all([world.openNode(way), world.openNode()]);
  for (const node of [writer, other]) for (const key of KEYS) await node.read(key);
  await world.begin();
  await other.startWatch(KEYS);
  await delay(500);

  if (kind === 'silent') way.blackhole();
  else way.refuse();
  const writes = writing(writer, durations.cutOff);
  await delay(durations.cutOff);
  way.restore();
  const openAt = machineTime();
  await Promise.race([Promise.all(writes.map(({ settled }) => settled)), delay(PATIENCE)]);
  await delay(SETTLING);

  const old = async (node: CacheNode): Promise<number> => oldOf(node, world.rows);
  const fresh = await world.openNode();
  const [oldAtWriter, oldAtOther, oldAtFresh] = [await old(writer), await old(other), await old(fresh)];
  return {
    keys: KEYS.length,
    writes: writes.map(({ took }) => took()),
    rejected: writes.filter(({ rejected }) => rejected()).length,
    ...{ oldAtWriter, oldAtOther, oldAtFresh },
    oldAfterwards: oldAtOther > 0 ? Number.POSITIVE_INFINITY : oldSince(openAt, await other.sightings(), world.rows),
  };
}

interface Writing {
  readonly settled: Promise<void>;
  took(): number;
  rejected(): boolean;
}

/** Changes one row after the other, evenly over `lasts`, whether or not the changes before were answered. */
function writing(writer: CacheNode, lasts: number): readonly Writing[] {
  return KEYS.map((key, number) => {
    let took = Number.POSITIVE_INFINITY;
    let rejected = false;
    const write = async (): Promise<void> => {
      await delay(((number + 0.5) * lasts) / KEYS.length);
      const startedAt = machineTime();
      rejected = await writer.write(key).then(
        () => false,
        () => true,
      );
      took = machineTime() - startedAt;
    };
    return { settled: write(), took: () => took, rejected: () => rejected };
  });
}

async function oldOf(node: CacheNode, rows: Rows): Promise<number> {
  const answers = await Promise.all(KEYS.map(async (key) => (await node.read(key)).version < rows.versionOf(key)));
  return answers.filter((old) => old).length;
}

function oldSince(time: number, sightings: readonly Sighting[], rows: Rows): number {
  const old = sightings.filter(({ key, version }) => version < rows.versionOf(key));
  return Math.max(0, ...old.map(({ lastAt }) => lastAt - time));
}
