import { createQueryCache, type Lifetime, type Query, type QueryCacheOptions } from '@cachetastic/core';
import { ManualClock } from '@cachetastic/core/testing';
import type { InvalidationLog } from '../../packages/core/src/log/invalidation-log.js';
import type { Tier } from '../../packages/core/src/tier/tier.js';
import { CountingLoad } from './counting-load.js';
import { settle } from './held.js';
import { ScriptedLog } from './scripted-log.js';

/** A tier that keeps nothing: for tests of the log alone. */
export const emptyTier: Tier = {
  name: 'redis',
  get: async () => undefined,
  set: async () => {},
  delete: async () => {},
  close: async () => {},
};

export interface CoreSetup {
  readonly log?: InvalidationLog;
  readonly tier?: Tier;
  readonly options?: Partial<QueryCacheOptions>;
  readonly lifetime?: Partial<Lifetime>;
  readonly answer?: () => unknown;
}

/** A cache with a clock that stands still, an origin that counts, and one query about users. */
export async function setup({ log, tier = emptyTier, options = {}, lifetime = {}, answer }: CoreSetup = {}) {
  const clock = new ManualClock();
  if (log instanceof ScriptedLog) log.clock = clock;
  const shared = log === undefined ? {} : { shared: { name: 'redis', open: () => ({ tier, log }) } };
  const cache = createQueryCache({ database: 'test', clock, ...shared, ...options });
  const decisions: string[] = [];
  cache.on(({ type }) => decisions.push(type));
  let version = 0;
  const row = { id: 1, name: 'Ada', born: new Date(0) };
  const load = new CountingLoad(answer ?? (() => ({ ...row, version: version })));
  const query: Query<unknown> = {
    name: 'User.findUnique',
    keyParts: ['User', 'findUnique', { where: { id: 1 } }],
    footprint: { dependencies: [{ model: 'User' }], tags: [] },
    lifetime: { ttl: 60_000, swr: 0, grace: 0, ...lifetime },
  };
  await settle();
  return {
    cache,
    clock,
    load,
    query,
    read: async (asked: Query<unknown> = query) => cache.read(asked, load.load),
    /** The database changes, and the cache is informed. */
    write: async () =>
      cache.write(
        async () => {
          version++;
        },
        () => [{ kind: 'model', model: 'User', op: 'update' }],
      ),
    /** The database changes, and the cache does not know yet. */
    changeSilently: () => {
      version++;
    },
    decisions: () => decisions.splice(0).filter((type) => !type.startsWith('log-')),
  };
}
