import type { Redis } from 'ioredis';
import type { CachedReader } from './clients.js';
import type { Servers } from './servers.js';

/** Lets `fill` put an entry of `reader` into Redis. @returns The entry's key. */
export async function entryIn(
  client: Redis,
  { namespace }: Servers,
  reader: CachedReader,
  fill: () => PromiseLike<unknown>,
): Promise<string> {
  const entries = (): Promise<string[]> => client.keys(`*${namespace}.*:e:*`);
  const before = new Set(await entries());
  await fill();
  await reader.$cache.idle();
  const [key] = (await entries()).filter((entry) => !before.has(entry));
  if (key === undefined) throw new Error('The cache put nothing into Redis.');
  return key;
}
