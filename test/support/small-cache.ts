import type { QueryCache, QueryCacheOptions, SharedStore } from '@cachetastic/core';
import type { InvalidationLog } from '../../packages/core/src/log/invalidation-log.js';
import { emptyTier } from './core-setup.js';

type Make = (options: QueryCacheOptions) => QueryCache;

/** A row that caches read and write. */
export class OneRow {
  version = 0;
  loads = 0;

  read(cache: QueryCache): Promise<number> {
    return Promise.resolve(
      cache.read(
        {
          name: 'Row.find',
          keyParts: ['row'],
          footprint: { dependencies: [{ model: 'Row' }], tags: [] },
          lifetime: { ttl: 3_600_000, swr: 0, grace: 0 },
        },
        async () => {
          this.loads += 1;
          return this.version;
        },
      ),
    );
  }

  write(cache: QueryCache): Promise<void> {
    return cache.write(
      async () => {
        this.version += 1;
      },
      () => [{ kind: 'model', model: 'Row', op: 'update' }],
    );
  }
}

/** Makes caches by `make` and closes them all. */
export class SmallCaches {
  readonly #make: Make;
  readonly #open: QueryCache[] = [];

  constructor(make: Make) {
    this.#make = make;
  }

  make(options: QueryCacheOptions, make: Make = this.#make): QueryCache {
    const cache = make(options);
    this.#open.push(cache);
    return cache;
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((cache) => cache.close()));
  }
}

/** A shared tier whose log is `log` for everyone who has the same one. */
export function tierWith(log: InvalidationLog): SharedStore {
  return { name: 'redis', open: () => ({ tier: emptyTier, log, connection: log }) };
}
