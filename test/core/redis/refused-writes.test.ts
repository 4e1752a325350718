import { TierUnavailableError } from '@cachetastic/core';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { EVERYTHING } from '../../../packages/core/src/match/change.js';
import { startRedis, uniqueNamespace } from '../../support/services/index.js';
import { openLog } from './open-redis.js';

// As after a lost replica, on a demoted primary, or on a full disk: no invalidation can be appended by anybody.
it('a log that refuses records from writers confirms nothing to readers', async () => {
  const service = await startRedis();
  const client = new Redis(service.url);
  const { log } = openLog(client, uniqueNamespace());
  try {
    const known = await log.append([EVERYTHING]);
    await client.config('SET', 'min-replicas-to-write', '1');

    await expect(log.append([EVERYTHING])).rejects.toThrow(TierUnavailableError);
    await expect(log.sync(known)).rejects.toThrow(/NOREPLICAS/);

    await client.config('SET', 'min-replicas-to-write', '0');
    expect(await log.sync(known)).toMatchObject({ kind: 'continuation', head: known.seq });
  } finally {
    await log.close();
    await service.stop();
  }
});
