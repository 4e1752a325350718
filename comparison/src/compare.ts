import { CONTESTANTS, type Contestant } from './contestants/index.js';
import { Meeting } from './meeting.js';
import { NodeCrashedError } from './node/node-process.js';
import type { Durations, TableScenario } from './scenarios/index.js';
import { openWorld } from './world.js';

/** What came of one contestant in one scenario. */
export type Outcome =
  | { readonly contestant: string; readonly cells: readonly string[] }
  | { readonly contestant: string; readonly failure: string };

/** How long it may take to open everybody's nodes, in milliseconds. */
const OPENING = 180_000;

/** Plays `scenario` with every contestant at once, each in a world of its own. Whatever one does, the others are found. */
export function compare(scenario: TableScenario, durations: Durations): Promise<readonly Outcome[]> {
  const meeting = new Meeting(CONTESTANTS.map(({ name }) => name));
  return Promise.all(CONTESTANTS.map((contestant) => outcomeOf(scenario, contestant, durations, meeting)));
}

async function outcomeOf(
  scenario: TableScenario,
  contestant: Contestant,
  durations: Durations,
  meeting: Meeting,
): Promise<Outcome> {
  const world = await openWorld(contestant, { ttl: scenario.ttl(durations) / 1_000, meeting });
  try {
    const cells = await within(OPENING + scenario.limit(durations), scenario.play(world, durations));
    return { contestant: contestant.name, cells };
  } catch (error) {
    return { contestant: contestant.name, failure: failureOf(error) };
  } finally {
    meeting.leave(contestant.name);
    await world.close();
  }
}

class HungError extends Error {}

function within<Value>(limit: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new HungError(`not over after ${limit / 1_000} s`)), limit);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function failureOf(error: unknown): string {
  if (error instanceof NodeCrashedError) return `CRASHED: ${error.message}`;
  if (error instanceof HungError) return `HUNG: ${error.message}`;
  return `FAILED: ${error instanceof Error ? error.message : String(error)}`;
}
