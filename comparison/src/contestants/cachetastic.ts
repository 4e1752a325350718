import { type Change, comparableInteger, createQueryCache, type Facts, type Query } from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import type { Contestant } from './contestant.js';

/** Ours, with every option at its default, asked and told what an adapter of an ORM would ask and tell it. */
export const cachetastic: Contestant = {
  name: 'cachetastic',
  open({ redisUrl, ttl }) {
    const cache = createQueryCache({ database: 'comparison', shared: redis({ url: redisUrl }) });
    return {
      read: async (key, load) => cache.read(queryOf(key, ttl), load),
      write: (key, run) => cache.write(run, ({ ok }) => (ok ? [updateOf(key)] : [])),
      close: () => cache.close(),
    };
  },
};

const MODEL = 'rows';

function queryOf(key: string, ttl: number): Query<number> {
  return {
    name: 'Row.findUnique',
    keyParts: [MODEL, key],
    footprint: { dependencies: [{ model: MODEL, where: rowOf(key) }], tags: [] },
    lifetime: { ttl: ttl * 1_000, swr: 0, grace: 0 },
  };
}

function updateOf(key: string): Change {
  return { kind: 'model', model: MODEL, op: 'update', before: rowOf(key), after: rowOf(key) };
}

/** What is known of the row that `key` names: the number that it ends in. */
function rowOf(key: string): Facts {
  const id = comparableInteger(/\d+$/.exec(key)?.[0]);
  return id === undefined ? {} : { id };
}
