import { type CacheEvent, type Change, createQueryCache, type Facts, type QueryCache } from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import { SeparateProcess } from '@cachetastic/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedRedis, uniqueNamespace, waitUntil } from '../../support/services/index.js';

const namespace = uniqueNamespace();
let writer: QueryCache;
let reader: QueryCache;
const events: CacheEvent[] = [];

beforeAll(async () => {
  const url = await sharedRedis();
  // Caches of one process would follow one log, and not hear of each other through Redis.
  const open = (): QueryCache =>
    new SeparateProcess().run(() =>
      createQueryCache({ namespace, database: 'db', shared: redis({ url, deadline: '5s' }), maxStaleness: '30s' }),
    );
  [writer, reader] = [open(), open()];
  writer.on((event) => events.push(event));
});
afterAll(() => Promise.all([writer.close(), reader.close()]));

describe.each([10, 70, 200])('a delete that cascades to %i tables', (tables) => {
  const children = Array.from({ length: tables }, (_, index) => `child_with_a_long_name_${tables}_${index}`);

  it('invalidates in another process the entries that it may affect, and no others', async () => {
    const last = children.at(-1) as string;
    const asked = [
      ['unrelated', {}],
      [last, { parent_id: 'i:1' }],
      [last, { parent_id: 'i:2' }],
    ] as const;
    for (const [model, where] of asked) await ask(model, where);
    expect(await Promise.all(asked.map(([model, where]) => ask(model, where)))).toEqual(['memory', 'memory', 'memory']);
    const before: Facts = { parent_id: 'i:1' };

    await writer.invalidate([
      { kind: 'model', model: 'parent', op: 'delete', before: { id: 'i:1' } },
      ...children.map((model): Change => ({ kind: 'model', model, op: 'delete', before })),
    ]);
    await waitUntil('the other process to have heard', async () =>
      expect(reader.stats().log.seq).toBe(writer.stats().log.seq),
    );

    expect(await ask(...asked[0])).toBe('memory');
    expect(await ask(...asked[1])).toBe('origin');
    expect(await ask(...asked[2])).toBe('memory');
    expect(events.filter(({ type }) => type === 'widened')).toEqual([]);
  });
});

it('a record that is too large for its tables invalidates everything, and the event names the written table', async () => {
  await ask('unrelated', {});

  await writer.invalidate([
    { kind: 'model', model: 'parent', op: 'delete' },
    ...Array.from({ length: 1_100 }, (_, index): Change => ({ kind: 'model', model: `table ${index}`, op: 'delete' })),
  ]);
  await waitUntil('the other process to have heard', async () =>
    expect(reader.stats().log.seq).toBe(writer.stats().log.seq),
  );

  expect(await ask('unrelated', {})).toBe('origin');
  expect(events).toContainEqual({ type: 'widened', query: 'parent', reason: 'record-too-large' });
});

/** Reads `model` in the other process. @returns Who answered. */
async function ask(model: string, where: Facts): Promise<string | undefined> {
  let source: string | undefined;
  await reader.read(
    {
      name: `${model}.findMany`,
      keyParts: [model, where],
      footprint: { dependencies: [{ model, where }], tags: [] },
      lifetime: { ttl: 600_000, swr: 0, grace: 0 },
    },
    async () => [],
    (info) => {
      source = info.source;
    },
  );
  return source;
}
