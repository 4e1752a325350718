import { cachetastic } from '@cachetastic/prisma-extension';
import type { SqlDriverAdapterFactory } from '@prisma/client/runtime/client';
import { PrismaClient } from '../../generated/client.js';
import type { ShopOptions } from '../shop.js';

/** A Prisma client of the shop with its cache. */
export type Client = ReturnType<typeof openClient>;

export interface ClientOptions extends ShopOptions {
  readonly adapter: SqlDriverAdapterFactory;
}

/** Everything that it takes to cache: one `$extends`. */
export function openClient({ adapter, redis, namespace, memory = true, onStatement }: ClientOptions) {
  const client = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
  if (onStatement !== undefined) client.$on('query', () => onStatement());

  return client.$extends(cachetastic({ redis, namespace, ttl: '5m', ...(memory ? {} : { memory: false }) }));
}
