import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis';
import type { RedisOptions } from 'ioredis';
import type { Contestant } from './contestant.js';

/** What its documentation offers against slow and failing stores. */
const GUARDED = { grace: '1h', timeout: '100ms', hardTimeout: '1s', l2CircuitBreakerDuration: '5s' } as const;

/** A deadline that the library has not, but its Redis client does: a call that fails opens the circuit breaker. */
const DEADLINE: RedisOptions = { commandTimeout: 100 };

/** bentocache in memory and Redis, with its bus: as it comes, guarded, and guarded with a deadline of its client's. */
export const bentocaches: readonly Contestant[] = [
  bentocache('bentocache', {}, {}),
  bentocache('bentocache guarded', GUARDED, {}),
  bentocache('bentocache guarded + deadline', GUARDED, DEADLINE),
];

function bentocache(name: string, guards: Partial<typeof GUARDED>, client: RedisOptions): Contestant {
  return {
    name,
    open({ redisUrl, ttl }) {
      const { hostname, port } = new URL(redisUrl);
      const connection: RedisOptions = { ...client, host: hostname, port: Number(port) };
      const store = bentostore()
        .useL1Layer(memoryDriver({ maxSize: '10mb' }))
        .useL2Layer(redisDriver({ connection }))
        // The documented default, in full: what is lost without it would be our doing.
        .useBus(redisBusDriver({ connection, retryQueue: { enabled: true, retryInterval: '2s' } }));
      const bento = new BentoCache({ default: 'rows', stores: { rows: store }, ttl: ttl * 1_000, ...guards });
      return {
        read: (key, load) => bento.getOrSet({ key, factory: load }),
        async write(key, run) {
          const version = await run();
          await bento.delete({ key });
          return version;
        },
        close: () => bento.disconnectAll(),
      };
    },
  };
}
