import { createKeyv, createKeyvNonBlocking } from '@keyv/redis';
import { RedisMessageProvider } from '@qified/redis';
import { Cacheable } from 'cacheable';
import type { Contestant } from './contestant.js';

/**
 * cacheable in memory and Redis, with its sync: as it comes, kept alive, and kept alive in its non-blocking mode; and that
 * mode without the sync, which its calls wait for.
 *
 * Kept alive means that somebody listens to errors of the sync's Redis clients, which are private. Nobody does by default,
 * so such an error ends the process, and there is nothing more to measure.
 */
export const cacheables: readonly Contestant[] = [
  cacheable('cacheable', { sync: 'as it comes', nonBlocking: false }),
  cacheable('cacheable kept alive', { sync: 'kept alive', nonBlocking: false }),
  cacheable('cacheable non-blocking', { sync: 'kept alive', nonBlocking: true }),
  cacheable('cacheable non-blocking, no sync', { sync: 'none', nonBlocking: true }),
];

interface Mode {
  readonly sync: 'as it comes' | 'kept alive' | 'none';
  readonly nonBlocking: boolean;
}

function cacheable(name: string, { sync, nonBlocking }: Mode): Contestant {
  return {
    name,
    open({ redisUrl, ttl }) {
      // It connects when something is subscribed to or published, not before.
      const provider = new RedisMessageProvider({ uri: redisUrl });
      if (sync === 'kept alive') for (const client of [provider['pub'], provider['sub']]) client.on('error', ignore);
      const secondary = nonBlocking ? createKeyvNonBlocking(redisUrl) : createKeyv(redisUrl);
      secondary.on('error', ignore);
      const cache = new Cacheable({
        ...{ secondary, nonBlocking, ttl: ttl * 1_000 },
        ...(sync === 'none' ? {} : { sync: { qified: provider } }),
      });
      cache.on('error', ignore);
      return {
        async read(key, load) {
          const version = await cache.getOrSet(key, load);
          if (version === undefined) throw new Error('No answer, although the origin gave one');
          return version;
        },
        async write(key, run) {
          const version = await run();
          await cache.delete(key);
          return version;
        },
        close: () => cache.disconnect(),
      };
    },
  };
}

/** What becomes of errors is seen in the answers. */
function ignore(): void {}
