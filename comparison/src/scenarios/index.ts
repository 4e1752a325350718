import type { World } from '../world.js';
import { nodeCut, subscribersKilled } from './bus.js';
import { blackHole, refused } from './cut-off-writer.js';
import { otherNode, sameNode } from './in-flight.js';
import { killed, stopped } from './outage.js';
import type { Durations, Scenario } from './scenario.js';

export type { Durations } from './scenario.js';

/** A scenario whose findings are already text: one cell for each heading. */
export interface TableScenario extends Omit<Scenario<never>, 'columns' | 'play'> {
  readonly headings: readonly string[];
  readonly play: (world: World, durations: Durations) => Promise<readonly string[]>;
}

/** In the order of the tables. */
export const SCENARIOS: readonly TableScenario[] = [
  asTable(killed),
  asTable(stopped),
  asTable(subscribersKilled),
  asTable(nodeCut),
  asTable(blackHole),
  asTable(refused),
  asTable(sameNode),
  asTable(otherNode),
];

function asTable<Found>({ columns, play, ...scenario }: Scenario<Found>): TableScenario {
  return {
    ...scenario,
    headings: columns.map(({ heading }) => heading),
    async play(world, durations) {
      const found = await play(world, durations);
      return columns.map(({ cell }) => cell(found));
    },
  };
}
