/*
 * Prints, one line of JSON per shape, what a cache full of answers of that shape really costs and what it estimates:
 *
 *     node --expose-gc --import tsx test/support/heap/main.ts [MB per shape] [part of a shape's name]
 *     node --expose-gc --max-old-space-size=4000 --import tsx test/support/heap/main.ts 900 'short row'
 *
 * The second fills a million small entries.
 */
import { Decimal } from '@prisma/client/runtime/client';
import { createQueryCache, type QueryCache, type ValueType } from '../../../packages/core/src/index.js';
import { randomFrom } from '../random.js';
import { type MakeAnswer, shapes } from './shapes.js';

/** What filling one cache cost, in bytes. */
export interface Measured {
  readonly shape: string;
  readonly entries: number;
  readonly estimate: number;
  readonly real: number;
  /** How many times the estimate it really costs. */
  readonly factor: number;
}

const decimals: ValueType = {
  tag: 'decimal',
  is: (value) => value instanceof Decimal,
  toKey: String,
  toText: String,
  fromText: (text) => new Decimal(text),
  copy: (value) => new Decimal(value as Decimal),
};

async function measure(shape: string, make: MakeAnswer, megabytes: number): Promise<Measured> {
  const cache = createQueryCache({
    database: 'heap',
    memory: { maxEntries: 2_000_000, maxBytes: '4gb' },
    valueTypes: [decimals],
  });
  // What is made once, whatever is cached, and the first shapes of objects.
  await fill(cache, make, 0, 3);
  const [estimated, before] = [cache.stats().memory?.bytes ?? 0, await used()];
  let filled = 0;
  while ((cache.stats().memory?.bytes ?? 0) < megabytes * 1e6) {
    await fill(cache, make, filled + 3, filled + 13);
    filled += 10;
  }
  const real = (await used()) - before;
  const estimate = (cache.stats().memory?.bytes ?? 0) - estimated;
  await cache.close();
  return { shape, entries: filled, estimate, real, factor: Math.round((real / estimate) * 100) / 100 };
}

/** Reads the queries numbered `from` to `to`, each as an adapter describes a query by id. */
async function fill(cache: QueryCache, make: MakeAnswer, from: number, to: number): Promise<void> {
  for (let id = from; id < to; id += 1) {
    const facts = { id: `i:${id}` };
    await cache.read(
      {
        name: 'User.findUnique',
        keyParts: ['User', 'findUnique', { where: { id } }],
        footprint: { dependencies: [{ model: 'User', where: facts, keys: [facts] }], tags: [] },
        lifetime: { ttl: 600_000, swr: 0, grace: 0 },
      },
      async () => make(id),
    );
  }
  await cache.idle();
}

async function used(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const [megabytes = '30', part = ''] = process.argv.slice(2);
if (globalThis.gc === undefined) throw new Error('Run it with --expose-gc.');
for (const [shape, make] of Object.entries(shapes(randomFrom(1)))) {
  if (!shape.includes(part)) continue;
  process.stdout.write(`${JSON.stringify(await measure(shape, make, Number(megabytes)))}\n`);
}
