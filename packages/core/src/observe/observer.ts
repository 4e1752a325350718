import type { CancelTimer } from '../clock.js';
import type { Entry } from '../entry/entry.js';
import { canonicalForm } from '../key/canonical-form.js';
import type { KeyType } from '../key/key-type.js';
import { QueryKey } from '../key/query-key.js';
import type { Stamp } from '../log/stamp.js';
import type { Change, ModelChange } from '../match/change.js';
import type { KeyedQuery } from '../read/keyed-query.js';
import type { Load } from '../read/query.js';
import type { ReadDeps } from '../read/read-deps.js';
import type { Resident } from '../read/resident.js';
import type { TierName } from '../telemetry/events.js';
import type { Tier } from '../tier/tier.js';
import { type AnswerDifference, differenceOf } from './answer-difference.js';
import type { ResolvedObserve } from './observe-options.js';
import { reportedRecords } from './reported-records.js';
import { Sampler } from './sampler.js';

/** How many hits are remembered at once; further samples are dropped. */
export const MOST_OBSERVED = 100;
/** How much longer than the bound on staleness a check waits, in milliseconds. */
const SETTLING = 1_000;
/** How many log records an event reports. */
const MOST_RECORDS = 100;

/** What an {@link Observer} works with. */
export interface ObserverDeps extends Omit<ReadDeps, 'maxStale' | 'replicaLag' | 'onHit'> {
  readonly keyTypes: readonly KeyType[];
  /** Appends changes to the log. Never rejects. */
  readonly append: (changes: readonly Change[]) => Promise<boolean>;
}

/** A hit to check. Callers got copies of the value in `entry`. */
interface Observation {
  readonly request: KeyedQuery<never>;
  readonly load: Load<unknown>;
  readonly entry: Entry;
  readonly source: TierName;
  /** The position up to which nothing affected the entry when it was served. */
  readonly judgedAt: Stamp;
  cancel: CancelTimer;
}

/**
 * Checks a share of the hits against the database, in the background.
 *
 * It checks a hit once every write from before it must have reached the log. It loads the query again; if the log has no
 * record until after that load which may have changed the result, both results must be the same. Otherwise the check is
 * inconclusive. docs/concepts/observer.md says what it is for.
 */
export class Observer {
  readonly #deps: ObserverDeps;
  readonly #degrade: boolean;
  readonly #sampler: Sampler;
  /** By key: one hit per query at a time. */
  readonly #observed = new Map<string, Observation>();
  /** Ends with the last check that was started: the observer loads one query at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(deps: ObserverDeps, { rate, degrade }: ResolvedObserve) {
    this.#deps = deps;
    this.#degrade = degrade;
    this.#sampler = new Sampler(rate);
  }

  /** Called when `resident` is the result of `request`. The caller only records the hit. */
  hit(
    request: KeyedQuery<never>,
    load: Load<unknown>,
    { entry, judgedAt }: Pick<Resident, 'entry' | 'judgedAt'>,
    source: TierName,
  ): void {
    if (!this.#sampler.takes() || this.#closed) return;
    const key = request.key.local;
    if (this.#observed.size >= MOST_OBSERVED || this.#observed.has(key)) return;
    const observation: Observation = { request, load, entry, source, judgedAt, cancel() {} };
    this.#observed.set(key, observation);
    this.#later(observation, () => this.#check(observation));
  }

  /** Drops all checks that have not ended. */
  close(): void {
    this.#closed = true;
    for (const { cancel } of this.#observed.values()) cancel();
    this.#observed.clear();
  }

  /** Each check has a timer of its own, so that its load runs in the asynchronous context of its caller. */
  #later(observation: Observation, task: () => Promise<void>): void {
    const { clock, tail } = this.#deps;
    observation.cancel = clock.schedule(() => void task(), tail.maxStaleness + SETTLING);
  }

  async #check(observation: Observation): Promise<void> {
    const compared = this.#turn.then(() => this.#compare(observation));
    this.#turn = compared;
    const difference = await compared;
    if (!this.#isWanted(observation)) return;
    if (difference === 'content' || difference === 'order') {
      // The database may show a write whose record is still on its way.
      this.#later(observation, () => this.#settle(observation, difference));
    } else this.#end(observation, difference === 'none' ? 'verified' : 'inconclusive');
  }

  /** How the database's result differs; `undefined` if the check is inconclusive. Never rejects. */
  async #compare(observation: Observation): Promise<AnswerDifference | undefined> {
    if (!(await this.#isUndisturbed(observation))) return undefined;
    let isPrivate = false;
    try {
      const value = await observation.load({
        origin: 'primary',
        keepPrivate() {
          isPrivate = true;
        },
      });
      if (isPrivate || !(await this.#isUndisturbed(observation))) return undefined;
      return differenceOf(observation.entry.value, value, this.#deps.valueTypes);
    } catch {
      // No caller waits for this load, so its failure is not reported. Not every result can be encoded, either.
      return undefined;
    }
  }

  async #settle(observation: Observation, difference: 'content' | 'order'): Promise<void> {
    const undisturbed = await this.#isUndisturbed(observation);
    if (!this.#isWanted(observation)) return;
    this.#end(observation, undisturbed ? 'mismatched' : 'inconclusive');
    if (undisturbed) this.#report(observation, difference);
  }

  /** Asks the log whether it knows of no change that may have affected the entry or may be affecting it now. */
  async #isUndisturbed(observation: Observation): Promise<boolean> {
    const { tail } = this.#deps;
    const { entry, judgedAt } = observation;
    if (!(await tail.confirmAgain())) return false;
    if (!tail.isUnaffected(judgedAt, entry.footprint) || tail.view.hasOpenWrite(entry.footprint)) return false;
    return this.#isWanted(observation) && this.#isSameQuery(observation);
  }

  /** Whether the load still runs the same query: its caller may have changed the arguments since. */
  #isSameQuery({ request: { query, key } }: Observation): boolean {
    try {
      return new QueryKey(canonicalForm(query.keyParts, this.#deps.keyTypes), '').local === key.local;
    } catch {
      return false;
    }
  }

  #isWanted(observation: Observation): boolean {
    return this.#observed.get(observation.request.key.local) === observation;
  }

  #end({ request }: Observation, verdict: 'verified' | 'mismatched' | 'inconclusive'): void {
    this.#observed.delete(request.key.local);
    this.#deps.stats[verdict]++;
  }

  /** Drops the entry, widens its models with the option `degrade`, and emits `mismatch`. */
  #report({ request, entry, source }: Observation, difference: 'content' | 'order'): void {
    const { tail, memory, shared, events, background } = this.#deps;
    const { footprint, stamp } = entry;
    const { key, query } = request;
    const records = reportedRecords(tail.view.records.since(stamp.seq, MOST_RECORDS), footprint);
    memory?.delete(key.local);
    if (shared !== undefined) background.add(this.#deleteShared(shared, key.shared()));
    const degraded = this.#degrade && difference === 'content' ? tail.view.widened.add(footprint) : [];
    if (degraded.length > 0) {
      // Entries kept until now were judged by facts that are no longer trusted.
      const changes = degraded.map((model): ModelChange => ({ kind: 'model', model, op: 'any' }));
      background.add(this.#deps.append(changes).then(() => {}));
    }
    const about = { query: query.name, key: key.shared(), source, difference, footprint, stamp };
    events.emit({ type: 'mismatch', ...about, records, degraded });
  }

  async #deleteShared(shared: Tier, key: string): Promise<void> {
    const { events, stats } = this.#deps;
    try {
      await shared.delete([key]);
      events.answered(shared.name, 'delete');
    } catch (error) {
      stats.tierFailures++;
      events.failed(shared.name, 'delete', error);
    }
  }
}
