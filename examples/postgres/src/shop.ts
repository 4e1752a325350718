import { cachetastic } from '@cachetastic/prisma-extension';
import type { SqlDriverAdapterFactory } from '@prisma/client/runtime/client';
import { PrismaClient } from '../generated/client.js';

/** A client of the shop with its cache. */
export type Shop = ReturnType<typeof openShop>;

export interface ShopOptions {
  readonly adapter: SqlDriverAdapterFactory;
  /** Where the other processes are heard. Absent: this process caches for itself. */
  readonly redis?: string | undefined;
  readonly namespace: string;
  /** Whether answers are kept in this client's memory (L1) as well. */
  readonly memory?: boolean | undefined;
  /** Hears of every SQL statement that Prisma sends. */
  readonly onStatement?: ((sql: string) => void) | undefined;
}

/** Everything that it takes to cache: one `$extends`. */
export function openShop({ adapter, redis, namespace, memory = true, onStatement }: ShopOptions) {
  const prisma = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
  if (onStatement !== undefined) prisma.$on('query', ({ query }) => onStatement(query));

  return prisma.$extends(cachetastic({ redis, namespace, ttl: '5m', ...(memory ? {} : { memory: false }) }));
}
