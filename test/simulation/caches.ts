import { createQueryCache, type QueryCache } from '@cachetastic/core';
import { newProcessBook } from '../../packages/core/src/process/process-book.js';
import type { Agenda } from './agenda.js';
import type { Checker } from './checker.js';
import type { Dice } from './dice.js';
import type { SimulatedProcess } from './process.js';
import type { RemoteRedis } from './remote-redis.js';
import { BOUND, MAX_STALE, type Settings } from './settings.js';
import type { Trace } from './trace.js';

/** What {@link Caches} are made of. */
export interface CachesParts {
  readonly process: SimulatedProcess;
  /** The ways to Redis, of which each cache uses one. */
  readonly connections: readonly RemoteRedis[];
  readonly checker: Checker;
  readonly agenda: Agenda;
  /** Decides which caches come and go. */
  readonly dice: Dice;
  readonly settings: Settings;
  readonly trace: Trace;
  /** How long each takes to close at most, in milliseconds; `undefined`: as long as it wants. */
  readonly closeTimeout: number | undefined;
}

/**
 * The caches of one process: a single one, or several that come and go, of equal options or of others.
 *
 * Now and then all of them are closed before another one opens, as a hot reload does it.
 */
export class Caches {
  readonly #parts: CachesParts;
  readonly #book = newProcessBook();
  /** The object through which the caches reach the database: the same for all of them. */
  readonly #origin = {};
  readonly #open: QueryCache[] = [];
  readonly #bounds = new WeakMap<QueryCache, number>();
  #made = 0;
  #closing = 0;

  constructor(parts: CachesParts) {
    this.#parts = parts;
    this.#start(false);
    if (Number.isFinite(parts.settings.companions)) this.#again();
  }

  /** Those that are open. The first one is the oldest. */
  get open(): readonly QueryCache[] {
    return this.#open;
  }

  /** One of those that are open, if there is one. */
  pick(): QueryCache | undefined {
    return this.#open.length > 1 ? this.#parts.dice.pick(this.#open) : this.#open[0];
  }

  /** The `maxStaleness` of `cache`. */
  boundOf(cache: QueryCache): number {
    return this.#bounds.get(cache) ?? BOUND;
  }

  #again(): void {
    const { agenda, dice, settings, process } = this.#parts;
    const { companions, end } = settings;
    agenda.in(dice.wait(companions), () => {
      if (process.dead || agenda.now > end) return;
      process.deliver(() => this.#change());
      this.#again();
    });
  }

  #change(): void {
    const { agenda, dice, process, settings } = this.#parts;
    const different = (): boolean => dice.chance(settings.different);
    if (this.#open.length < settings.most && dice.chance(0.5)) this.#start(different());
    if (this.#open.length > 1) this.#close(dice.pick(this.#open));
    else if (this.#open.length === 1 && dice.chance(0.4)) {
      this.#close(this.#open[0] as QueryCache);
      const next = different();
      agenda.in(dice.between(0, dice.chance(0.5) ? 3 : 0.7 * BOUND), () =>
        process.deliver(() => {
          if (this.#open.length < settings.most) this.#start(next);
        }),
      );
    }
  }

  #start(different: boolean): void {
    const { process, connections, dice, settings, trace, checker, closeTimeout } = this.#parts;
    const alone = !Number.isFinite(settings.companions);
    const bound = different ? BOUND / 2 : BOUND;
    const redis = (connections.length > 1 ? dice.pick(connections) : connections[0]) as RemoteRedis;
    const limit = closeTimeout === undefined ? '1h' : (`${closeTimeout}ms` as const);
    const cache = createQueryCache({
      database: 'simulated',
      clock: process.clock,
      ...(alone ? {} : { process: this.#book, origin: this.#origin, closeTimeout: limit }),
      shared: redis,
      memory: settings.memory ? {} : false,
      maxStaleness: `${bound}ms`,
      maxStale: `${MAX_STALE}ms`,
      replicaLag: settings.replicaLag === 0 ? undefined : `${settings.replicaLag}ms`,
      onUnconfirmed: settings.serve ? 'serve' : 'bypass',
      intents:
        settings.intents === 'none'
          ? false
          : { lease: `${settings.lease}ms`, fence: `${settings.fence}ms`, onUnavailable: settings.intents },
    });
    this.#open.push(cache);
    this.#bounds.set(cache, bound);
    const name = alone ? process.name : `${process.name} cache ${++this.#made}`;
    if (!alone) {
      const which = connections.length > 1 ? ` on connection ${connections.indexOf(redis) + 1}` : '';
      trace.tell(name, `opens${which}${different ? ' with other options' : ''}`);
    }
    cache.on((event) => {
      // Every open cache knows of it, and delivers it or reports it, too.
      if (event.type !== 'invalidation-lost') return;
      if (this.#open.length === 0) checker.lost(process);
      else checker.handedOver(process);
    });
    if (trace.on) {
      cache.on(({ type, ...rest }) => {
        if (type !== 'hit' && type !== 'load' && type !== 'miss') trace.tell(name, `  ${type} ${brief(rest)}`);
      });
    }
  }

  #close(cache: QueryCache): void {
    const { process, trace, checker } = this.#parts;
    this.#open.splice(this.#open.indexOf(cache), 1);
    trace.tell(process.name, `closes a cache, ${this.#open.length} remain`);
    this.#closing++;
    void cache.close().then(() => {
      this.#closing--;
      trace.tell(process.name, 'has closed a cache');
      if (this.#closing === 0 && this.#open.length === 0) checker.closed(process);
    });
  }
}

function brief(rest: object): string {
  const entries = Object.entries(rest).filter(([name]) => name !== 'key');
  return entries
    .map(([name, value]) => `${name}=${value instanceof Error ? value.message : JSON.stringify(value)}`)
    .join(' ');
}
