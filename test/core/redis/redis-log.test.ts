import { logContract } from '@cachetastic/core/testing';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { sharedRedis, uniqueNamespace } from '../../support/services/index.js';
import { openLog } from './open-redis.js';

let url: string;
beforeAll(async () => {
  url = await sharedRedis();
});

logContract({ describe, it }, 'Redis, ioredis 6', async () => {
  const namespace = uniqueNamespace();
  return { open: () => openLog(new Redis(url), namespace).log };
});

logContract({ describe, it }, 'Redis, ioredis 5', async () => {
  const namespace = uniqueNamespace();
  return { open: () => openLog(new Redis5(url), namespace).log };
});

logContract({ describe, it }, 'Redis, a client with its own ideas', async () => {
  const namespace = uniqueNamespace();
  const ideas = { keyPrefix: 'their:', stringNumbers: true, db: 3, lazyConnect: true, enableAutoPipelining: true };
  return { open: () => openLog(new Redis(url, ideas), namespace).log };
});

afterAll(async () => {
  const client = new Redis(url);
  for (const pattern of ['{test-*', 'their:{test-*']) {
    for (const db of [0, 3]) {
      await client.select(db);
      const keys = await client.keys(pattern);
      if (keys.length > 0) await client.unlink(keys);
    }
  }
  client.disconnect();
});
