import { bentocaches } from './bentocache.js';
import { cacheables } from './cacheable.js';
import { cachetastic } from './cachetastic.js';
import type { Contestant } from './contestant.js';

export type { ComparedCache, Contestant, Opening } from './contestant.js';

/** In the order of the tables. */
export const CONTESTANTS: readonly Contestant[] = [cachetastic, ...bentocaches, ...cacheables];
