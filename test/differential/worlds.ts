import type { World } from './world.js';

/** Only the module of the world that is asked for is loaded, with its ORM. */
const MODULES: Readonly<Record<string, () => Promise<{ readonly WORLDS: readonly World[] }>>> = {
  prisma: () => import('./prisma/worlds.js'),
  'drizzle-0.45': () => import('./drizzle/generation-0.js'),
  'drizzle-1.0': () => import('../drizzle-1/differential.js'),
};

/** The world `name`, for a process that knows only its name. */
export async function worldCalled(name: string): Promise<World> {
  const module = Object.keys(MODULES).find((start) => name.startsWith(start));
  const worlds = module === undefined ? [] : ((await MODULES[module]?.())?.WORLDS ?? []);
  const found = worlds.find((world) => world.name === name);
  if (found === undefined) throw new Error(`There is no world ${name}`);
  return found;
}
