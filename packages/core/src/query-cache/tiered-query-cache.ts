import { checkKeys } from '../check-keys.js';
import { type Clock, systemClock } from '../clock.js';
import { InvalidationLostError } from '../errors.js';
import { canonicalForm } from '../key/canonical-form.js';
import { prefixOf } from '../key/namespace.js';
import { QueryKey } from '../key/query-key.js';
import { type Change, EVERYTHING } from '../match/change.js';
import { Observer } from '../observe/observer.js';
import { resolveTable } from '../option-table.js';
import { messageOf } from '../plain.js';
import { whenDropped } from '../process/dropped.js';
import { currentProcess } from '../process/process-book.js';
import { BackgroundTasks } from '../read/background-tasks.js';
import type { Finder } from '../read/finder.js';
import type { Finding } from '../read/finding.js';
import type { KeyedQuery } from '../read/keyed-query.js';
import type { Load, Query, ReadObserver } from '../read/query.js';
import type { ReadDeps } from '../read/read-deps.js';
import { readPaths } from '../read/read-paths.js';
import type { ReadReport } from '../read/read-report.js';
import type { ReadThrough } from '../read/read-through.js';
import { holdProcess } from '../resilience/process-hold.js';
import { TimeLimit } from '../resilience/time-limit.js';
import { followLog } from '../tail/followed-log.js';
import { CacheEvents, type CacheListener, type Reason } from '../telemetry/events.js';
import type { CacheStats } from '../telemetry/stats.js';
import { StatsCounter } from '../telemetry/stats-counter.js';
import type { TransactionChanges } from '../write/transaction-changes.js';
import type { WriteOutcome } from '../write/write-outcome.js';
import { Writer } from '../write/writer.js';
import { type CloseBounds, WritesUnderWay } from '../write/writes-under-way.js';
import { CACHE_SETTINGS, type CacheSettings, type ResolvedCacheSettings } from './cache-settings.js';
import { keepMemory, releaser } from './kept-memory.js';
import type { QueryCache, QueryCacheOptions } from './query-cache.js';

/** The options that are not settings: adapters pass these when they make the cache. */
const PARTS: readonly Exclude<keyof QueryCacheOptions, keyof CacheSettings>[] = [
  'database',
  'identity',
  'shared',
  'valueTypes',
  'keyTypes',
  'events',
  'clock',
  'process',
  'origin',
];

/** {@link QueryCacheOptions} whose settings are resolved. */
export interface ResolvedQueryCacheOptions
  extends ResolvedCacheSettings,
    Omit<QueryCacheOptions, keyof CacheSettings> {}

/**
 * Makes a cache for the queries of one database.
 *
 * @throws {@link InvalidOptionError} naming the option, its value and what is allowed.
 */
export function createQueryCache(options: QueryCacheOptions): QueryCache {
  checkKeys('', options, [...Object.keys(CACHE_SETTINGS), ...PARTS]);
  return openQueryCache({ ...options, ...resolveTable(CACHE_SETTINGS, options) });
}

/** As {@link createQueryCache}, for adapters, which resolve the settings before they know the database. */
export function openQueryCache(options: ResolvedQueryCacheOptions): QueryCache {
  return new TieredQueryCache(options);
}

/** Composes the tiers, the log's tail and the path of a read. */
class TieredQueryCache implements QueryCache {
  readonly events: CacheEvents;
  readonly #identity: string;
  readonly #parts: Pick<ReadDeps, 'tail' | 'memory' | 'stats' | 'background'>;
  readonly #observer: Observer | undefined;
  readonly #keyTypes: QueryCacheOptions['keyTypes'] & {};
  readonly #report: ReadReport;
  readonly #reads: ReadThrough;
  readonly #finder: Finder;
  readonly #writer: Writer;
  readonly #writes: WritesUnderWay;
  readonly #closeTimeout: number;
  readonly #clock: Clock;
  readonly #release: () => Promise<void>;
  readonly #abandon: () => void;
  #keep: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedQueryCacheOptions) {
    const { maxStaleness, intents, observe, replicaLag } = options;
    const namespace = prefixOf(options.namespace, options.database);
    const clock = options.clock ?? systemClock;
    const events = options.events ?? new CacheEvents();
    const valueTypes = options.valueTypes ?? [];
    const stats = new StatsCounter();
    // A clock of one cache must not decide for another, unless it is the clock of that process.
    const process = options.process ?? (clock === systemClock ? currentProcess() : undefined);
    const followed = followLog({
      process,
      namespace,
      open: (heard) => options.shared?.open({ namespace, valueTypes, events: heard, clock, process }),
      clock,
      events,
      maxStaleness,
      terms: intents,
    });
    const { tail, tier } = followed;
    if (tier !== undefined) stats.hits[tier.name] = 0;
    this.#identity = options.identity ?? '';
    this.#keyTypes = [...valueTypes, ...(options.keyTypes ?? [])];
    const kept =
      options.memory === undefined
        ? undefined
        : keepMemory({
            process,
            origin: options.origin,
            tail,
            identity: this.#identity,
            types: this.#keyTypes,
            bounds: options.memory,
            events,
            stats,
          });
    const memory = kept?.memory;

    this.events = events;
    const background = new BackgroundTasks();
    this.#writer = new Writer({ tail, append: followed.append, events, stats, background, intents });
    const common = { tail, memory, shared: tier, valueTypes, clock, events, stats, background };
    const append = (changes: readonly Change[]): Promise<boolean> => this.#writer.append(changes);
    const observer = observe && new Observer({ ...common, keyTypes: this.#keyTypes, append }, observe);
    const limits = { maxStale: options.onUnconfirmed === 'serve' ? options.maxStale : 0, replicaLag };
    const { reads, finder, report } = readPaths({ ...common, ...limits, onHit: observer?.hit.bind(observer) });
    this.#parts = common;
    this.#observer = observer;
    this.#reads = reads;
    this.#finder = finder;
    this.#report = report;
    this.#release = releaser(followed, kept);
    this.#abandon = followed.abandon;
    this.#writes = new WritesUnderWay(clock, events);
    this.#closeTimeout = options.closeTimeout;
    this.#clock = clock;
    // Garbage is collected in real time, whatever the clock of a test says.
    if (process !== undefined && clock === systemClock) this.#keep = whenDropped(events, this.#release);
  }

  read<Value>(query: Query<Value>, load: Load<Value>, observe?: ReadObserver): Value | Promise<Value> {
    if (this.#closing !== undefined) return this.#reads.pass(query.name, 'closed', load, observe);
    const request = this.#keyed(query);
    if (typeof request === 'string') return this.#reads.pass(query.name, request, load, observe);
    return this.#reads.read(request, load, observe);
  }

  async find<Value>(query: Query<Value>, observe?: ReadObserver): Promise<Finding<Value>> {
    if (this.#closing !== undefined) return this.#finder.pass(query.name, 'closed', observe);
    const request = this.#keyed(query);
    if (typeof request === 'string') return this.#finder.pass(query.name, request, observe);
    return this.#finder.find(request, observe);
  }

  bypass(query: string, reason: Reason, observe?: ReadObserver): void {
    this.#report.bypass(query, reason, observe);
  }

  write<Value>(
    run: () => Promise<Value>,
    describe: (outcome: WriteOutcome<Value>) => readonly Change[],
    intend?: () => readonly Change[],
  ): Promise<Value> {
    const writing = this.#writer.write(run, describe, intend);
    this.#writes.add(writing);
    return writing;
  }

  transaction(): TransactionChanges {
    const changes = this.#writer.transaction();
    this.#writes.add(changes.ended);
    return changes;
  }

  async invalidate(changes: readonly Change[]): Promise<void> {
    const { tail } = this.#parts;
    const { opening } = tail;
    if (await this.#writer.append(changes)) return;
    if (opening) {
      // A first connection takes longer than a command may, and a script that only invalidates has nothing else to do.
      await tail.opened();
      if (await tail.confirmAgain()) return;
    }
    const { pending } = tail;
    throw new InvalidationLostError(
      `The invalidation log did not answer in time. This process has applied the invalidation; other processes will once the log is reachable. Queued changes: ${pending}.`,
    );
  }

  clear(): Promise<void> {
    return this.invalidate([EVERYTHING]);
  }

  stats(): CacheStats {
    const { stats, memory, tail } = this.#parts;
    return {
      hits: { ...stats.hits },
      staleHits: stats.staleHits,
      misses: stats.misses,
      coalesced: stats.coalesced,
      bypasses: stats.bypasses,
      loads: stats.loads,
      loadFailures: stats.loadFailures,
      fills: stats.fills,
      evictions: stats.evictions,
      invalidations: stats.invalidations,
      queued: tail.pending,
      tierFailures: stats.tierFailures,
      logResets: tail.resets,
      observer: { verified: stats.verified, mismatched: stats.mismatched, inconclusive: stats.inconclusive },
      hitRatio: stats.hitRatio,
      memory: { entries: memory?.size ?? 0, bytes: memory?.bytes ?? 0 },
      log: { confirmed: tail.isConfirmed(), epoch: tail.position?.epoch, seq: tail.position?.seq },
    };
  }

  on(listener: CacheListener): () => void {
    return this.events.on(listener);
  }

  idle(): Promise<void> {
    return this.#parts.background.idle();
  }

  close(bounds: CloseBounds = {}): Promise<void> {
    this.#closing ??= this.#close(bounds);
    return this.#closing;
  }

  /** `query` with its key, or why it has none. */
  #keyed<Value>(query: Query<Value>): KeyedQuery<Value> | Reason {
    try {
      return { query, key: new QueryKey(canonicalForm(query.keyParts, this.#keyTypes), this.#identity) };
    } catch (error) {
      // Getters and foreign classes may throw anything. If it matters to the query, the load throws it, too.
      return `unsupported-key: ${messageOf(error)}`;
    }
  }

  async #close({ within = this.#closeTimeout, disconnected }: CloseBounds): Promise<void> {
    const { background } = this.#parts;
    const limit = new TimeLimit(this.#clock, within);
    const releaseProcess = holdProcess(this.#clock);
    this.#observer?.close();
    this.#finder.close();
    // Other processes learn only from the log what these change, so it is closed after them.
    await this.#writes.end(limit, disconnected);
    await limit.ended(background.idle());
    this.#keep();
    if (!(await limit.ended(this.#release()))) this.#abandon();
    releaseProcess();
  }
}
