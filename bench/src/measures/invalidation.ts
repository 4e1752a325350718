import { setImmediate } from 'node:timers/promises';
import { type Change, createQueryCache, type QueryCache } from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import { Redis } from 'ioredis';
import { PATIENCE } from '../clients.js';
import type { Finding } from '../finding.js';
import { type Effort, race } from '../race.js';
import type { Servers } from '../servers.js';

const CHANGES: readonly Change[] = ['one', 'two', 'three'].map((tag) => ({ kind: 'tag', tag }));

/** T12: what an invalidation costs the writer, and how soon another cache knows, against one command to Redis. */
export async function* invalidation(effort: Effort, { redisUrl, namespace }: Servers): AsyncGenerator<Finding> {
  const client = new Redis(redisUrl);
  const writer = open(redisUrl, namespace);
  const other = open(redisUrl, namespace);
  const key = `${namespace}:raw`;
  await client.set(key, Buffer.alloc(2_000, 'x'), 'PX', 600_000);
  try {
    await Promise.all([writer.clear(), other.clear()]);
    const times = await race(
      {
        append: () => writer.invalidate(CHANGES),
        set: () => client.set(`${key}:set`, 'x', 'PX', 600_000),
        get: () => client.getBuffer(key),
        heard: () => invalidateUntilHeard(writer, other),
      },
      effort,
    );
    const written: Finding = {
      target: 'T12',
      what: 'invalidation of 3 tags ÷ raw SET',
      found: times.ratio('append', 'set'),
    };
    yield { ...written, goal: { atMost: 1.5 } };
    const what = 'invalidation until another cache has heard ÷ raw GET';
    yield { target: 'T12', what, goal: { atMost: 10 }, found: times.ratio('heard', 'get') };
  } finally {
    await Promise.all([writer.close(), other.close()]);
    client.disconnect();
  }
}

function open(url: string, namespace: string): QueryCache {
  return createQueryCache({ namespace, database: 'bench', shared: redis({ url, deadline: PATIENCE }) });
}

async function invalidateUntilHeard(writer: QueryCache, other: QueryCache): Promise<void> {
  await writer.invalidate(CHANGES);
  const { seq = 0 } = writer.stats().log;
  while ((other.stats().log.seq ?? 0) < seq) await setImmediate();
}
