import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { Watch, watchedPool } from '../../support/watched-pool.js';
import { Prisma, PrismaClient } from '../generated/client/client.js';
import { TERMS } from '../settings.js';
import type { Setup } from './messages.js';

export { Prisma, PrismaClient };

const CONNECTIONS = 8;

/** A client with a cache of its own, on connections whose statements pass `watch`. */
export function openClient({ mode, databaseUrl, redisUrl, namespace }: Setup) {
  const watch = new Watch();
  const pool = watchedPool(databaseUrl, watch, CONNECTIONS);
  const client = new PrismaClient({ adapter: new PrismaPg(pool) });
  const db = client.$extends(
    cachetastic({
      mode: 'all',
      namespace,
      redis: { url: redisUrl, deadline: `${TERMS.deadline}ms`, logLength: TERMS.logLength },
      ttl: `${TERMS.ttl}ms`,
      maxStaleness: `${TERMS.maxStaleness}ms`,
      consistency: mode,
      intents: mode === 'strong' && { lease: `${TERMS.lease}ms`, fence: `${TERMS.fence}ms` },
    }),
  );
  return {
    db,
    /** The same client by the types of the plain one. */
    plainDb: db as unknown as PrismaClient,
    watch,
    close: async (): Promise<void> => {
      await db.$cache.close();
      await client.$disconnect();
      await pool.end();
    },
  };
}

export type Client = ReturnType<typeof openClient>;
export type Db = Client['db'];
