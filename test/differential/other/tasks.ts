import { type Answer, type AskOrder, OpenWorld, type WriteOrder, type Written } from '../seat.js';
import { worldCalled } from '../worlds.js';
import type { Entrance } from './index.js';

/** The world that the other process has open. */
export interface Stage {
  world?: OpenWorld | undefined;
  close(): Promise<void>;
}

/** What the other process can be asked to do. */
export const TASKS = {
  /** Leaves the world before, if there is one. */
  async enter(stage: Stage, { world: name, address, options }: Entrance): Promise<void> {
    await TASKS.leave(stage);
    const world = await worldCalled(name);
    stage.world = new OpenWorld(world, await world.open(address, options, 1));
  },

  async leave(stage: Stage): Promise<void> {
    await stage.world?.close();
    stage.world = undefined;
  },

  ask: (stage: Stage, order: AskOrder): Promise<Answer[]> => opened(stage).ask(order),
  write: (stage: Stage, order: WriteOrder): Promise<Written> => opened(stage).write(order),
  clear: (stage: Stage, order: { client: number }): Promise<number | undefined> => opened(stage).clear(order),
};

export type Tasks = typeof TASKS;

function opened({ world }: Stage): OpenWorld {
  if (world === undefined) throw new Error('The other process is in no world');
  return world;
}
