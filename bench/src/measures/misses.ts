import { Redis } from 'ioredis';
import { ask, askCached, type Clients } from '../clients.js';
import type { Finding } from '../finding.js';
import { HUNDRED, HUNDRED_WITH_POSTS, ONE, TEN, TEN_WITH_POSTS } from '../questions.js';
import { type Effort, race } from '../race.js';
import { entryIn } from '../redis-entry.js';
import type { Servers } from '../servers.js';

/** T6: a read that finds nothing in the cache, against the database alone, and with Redis against what Redis costs at least. */
export async function* misses(effort: Effort, clients: Clients, servers: Servers): AsyncGenerator<Finding> {
  const client = new Redis(servers.redisUrl);
  const { plain, inMemory, inRedis, both } = clients;
  const own = `${servers.namespace}:raw`;
  try {
    for (const question of [ONE, TEN, HUNDRED, TEN_WITH_POSTS, HUNDRED_WITH_POSTS]) {
      const { name } = question;
      const bytes = await client.getBuffer(
        await entryIn(client, servers, inRedis, () => askCached(inRedis, question, 0, -1)),
      );
      if (bytes === null) throw new Error('The entry is gone from Redis.');
      const times = await race(
        {
          uncached: (call) => ask(plain, question, call),
          missMemory: (call) => askCached(inMemory, question, call, call),
          missBoth: (call) => askCached(both, question, call, call),
          mget: (call) => client.mgetBuffer(`${own}:${call}`),
          set: (call) => client.set(`${own}:${call}`, bytes, 'PX', 60_000),
        },
        effort,
      );
      const alone = times.ratio('missMemory', 'uncached');
      yield { target: 'T6', what: `miss in memory ÷ uncached, ${name}`, goal: { atMost: 1.15 }, found: alone };
      const together = times.ratio('missBoth', 'uncached', 'mget', 'set');
      const what = `miss in memory and Redis ÷ (uncached + MGET, SET), ${name}`;
      yield { target: 'T6', what, goal: { atMost: 1.4 }, found: together };
      yield {
        target: 'T6',
        what: `miss in memory and Redis ÷ uncached, ${name}`,
        found: times.ratio('missBoth', 'uncached'),
      };
    }
  } finally {
    client.disconnect();
  }
}
