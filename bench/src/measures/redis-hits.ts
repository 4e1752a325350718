import { redis } from '@cachetastic/core/redis';
import { Redis } from 'ioredis';
import { decodeEntry } from '../../../packages/core/src/entry/frame.js';
import { BareCache } from '../bare-cache.js';
import { ask, askCached, type Clients, PATIENCE } from '../clients.js';
import { decimals } from '../decimals.js';
import type { Finding } from '../finding.js';
import { HUNDRED, HUNDRED_WITH_POSTS, ONE, TEN, TEN_WITH_POSTS } from '../questions.js';
import { type Effort, race } from '../race.js';
import { entryIn } from '../redis-entry.js';
import type { Servers } from '../servers.js';

/** T5: a hit in Redis, without Prisma against the same bytes read by hand, and with it against the database. */
export async function* redisHits(
  effort: Effort,
  { plain, inRedis }: Clients,
  servers: Servers,
): AsyncGenerator<Finding> {
  const { redisUrl, namespace } = servers;
  const client = new Redis(redisUrl);
  const shared = redis({ url: redisUrl, deadline: PATIENCE });
  const cache = new BareCache({ namespace, memory: false, shared, maxStaleness: PATIENCE });
  try {
    for (const question of [ONE, TEN, HUNDRED, TEN_WITH_POSTS, HUNDRED_WITH_POSTS]) {
      const { name } = question;
      const key = await entryIn(client, servers, inRedis, () => askCached(inRedis, question, 0));
      await cache.fill(question, 0, await ask(plain, question, 0));
      const times = await race(
        {
          uncached: () => ask(plain, question, 0),
          hit: () => askCached(inRedis, question, 0),
          bare: () => cache.read(question, 0),
          raw: () => client.getBuffer(key),
          decoded: async () => decodeEntry((await client.getBuffer(key)) as Buffer, [decimals], key),
        },
        effort,
      );
      const bound = question === HUNDRED || question === HUNDRED_WITH_POSTS ? 1.2 : 1.4;
      const decoded = times.ratio('bare', 'decoded');
      yield {
        target: 'T5',
        what: `Redis hit in core ÷ (GET + decode), ${name}`,
        goal: { atMost: bound },
        found: decoded,
      };
      yield {
        target: 'T5',
        what: `Redis hit in core ÷ GET, ${name}`,
        goal: question === ONE ? { atMost: 2 } : undefined,
        found: times.ratio('bare', 'raw'),
      };
      yield { target: 'T5', what: `Redis hit ÷ (GET + decode), ${name}`, found: times.ratio('hit', 'decoded') };
      const faster = times.ratio('uncached', 'hit');
      yield { target: 'T5', what: `uncached ÷ Redis hit, ${name}`, goal: { atLeast: 3 }, found: faster };
    }
  } finally {
    await cache.close();
    client.disconnect();
  }
}
