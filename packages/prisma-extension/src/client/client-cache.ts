import {
  type CacheEvents,
  type CacheListener,
  type CacheStats,
  type Change,
  checkKeys,
  EVERYTHING,
  InvalidOptionError,
} from '@cachetastic/core';
import type { Analyzer } from '../analysis/analyzer.js';
import type { Opening } from '../cache/opening.js';
import { parseNames } from '../options/text-options.js';
import type { CacheControl, Explanation, Invalidation } from './cache-control.js';
import type { Explaining } from './explaining.js';

const NOTHING_YET: CacheStats = {
  hits: { l1: 0, l2: 0 },
  staleHits: 0,
  misses: 0,
  coalesced: 0,
  bypasses: 0,
  loads: 0,
  loadFailures: 0,
  fills: 0,
  evictions: 0,
  invalidations: 0,
  queued: 0,
  tierFailures: 0,
  logResets: 0,
  observer: { verified: 0, mismatched: 0, inconclusive: 0 },
  hitRatio: 0,
  memory: { entries: 0, bytes: 0 },
  log: { confirmed: false, epoch: undefined, seq: undefined },
};

/** What `db.$cache` does. */
export class ClientCache implements CacheControl {
  readonly #opening: Opening;
  readonly #analyzer: Analyzer;
  readonly #events: CacheEvents;
  readonly #explaining: Explaining;

  constructor(parts: { opening: Opening; analyzer: Analyzer; events: CacheEvents; explaining: Explaining }) {
    this.#opening = parts.opening;
    this.#analyzer = parts.analyzer;
    this.#events = parts.events;
    this.#explaining = parts.explaining;
  }

  async invalidate(what: Invalidation): Promise<void> {
    const option = '$cache.invalidate()';
    checkKeys(option, what, ['models', 'tags', 'everything']);
    const { everything } = what;
    if (everything !== undefined && typeof everything !== 'boolean') {
      throw new InvalidOptionError(`${option}.everything`, everything, 'true or false');
    }
    if (what.models === undefined && what.tags === undefined && everything === undefined) {
      throw new InvalidOptionError(option, what, 'what to invalidate: `models`, `tags` or `everything`');
    }
    const named = parseNames(`${option}.models`, what.models, 'model names');
    const models = this.#analyzer.whole(`${option}.models`, named);
    const tags = parseNames(`${option}.tags`, what.tags, 'tags').map((tag): Change => ({ kind: 'tag', tag }));
    await this.#opening.invalidate(everything === true ? [EVERYTHING] : [...models, ...tags]);
  }

  clear(): Promise<void> {
    return this.#opening.invalidate([EVERYTHING]);
  }

  explain<Value>(work: () => PromiseLike<Value> | Value): Promise<Explanation<Value>> {
    return this.#explaining.explain(work);
  }

  stats(): CacheStats {
    return this.#opening.opened?.stats() ?? NOTHING_YET;
  }

  on(listener: CacheListener): () => void {
    return this.#events.on(listener);
  }

  async idle(): Promise<void> {
    await this.#opening.opened?.idle();
  }

  close(): Promise<void> {
    return this.#opening.close();
  }
}
