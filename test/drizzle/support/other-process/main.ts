/* The other process of a test of Drizzle. */
import { drizzleCache } from '@cachetastic/drizzle';
import { doTasks } from '../../../support/second-process/do-tasks.js';
import type { Generation } from '../generation.js';
import type { OtherSetup } from './index.js';
import { type OtherContext, TASKS } from './tasks.js';

/** Only the generation that is asked for is loaded. */
async function generationOf({ generation, dialect }: OtherSetup): Promise<Generation> {
  const all: Readonly<Record<string, Generation>> =
    generation === '1.0' ? await import('../../../drizzle-1/generation-1.js') : await import('../generation-0.js');
  const found = Object.values(all).find((each) => each.dialect === dialect);
  if (found === undefined) throw new Error(`There is no Drizzle ${generation} for ${dialect}`);
  return found;
}

async function open(setup: OtherSetup): Promise<OtherContext> {
  const generation = await generationOf(setup);
  const driver = generation.drivers.find(({ name }) => name === setup.driver);
  if (driver === undefined) throw new Error(`There is no driver ${setup.driver}`);
  const { base, close } = await driver.connect(setup.address);
  // Unlike `withCachetastic`, it cannot ask who the database is.
  const cache = drizzleCache({ database: setup.address, ...setup.options });
  const caching = await driver.connect(setup.address, { cache });
  const db = generation.withCachetastic(base, setup.options);
  return {
    generation,
    base,
    db,
    cache,
    caching: caching.base,
    async close() {
      await db.$cache.close();
      await cache.close();
      await close();
      await caching.close();
    },
  };
}

doTasks(open, TASKS);
