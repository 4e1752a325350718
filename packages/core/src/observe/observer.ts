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

/** How many hits are remembered at once; what is taken beyond is let go. */
export const MOST_OBSERVED = 100;
/** How much longer than the bound on staleness is waited, in milliseconds. */
const SETTLING = 1_000;
/** How many records of the log an event tells. */
const MOST_RECORDS = 100;

/** What an {@link Observer} works with. */
export interface ObserverDeps extends Omit<ReadDeps, 'maxStale' | 'replicaLag' | 'onHit'> {
  readonly keyTypes: readonly KeyType[];
  /** Appends changes to the log. Never rejects. */
  readonly append: (changes: readonly Change[]) => Promise<boolean>;
}

/** A hit that is to be checked. The value in `entry` is nobody's but ours: callers got copies. */
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
 * Checks a share of the hits against the database, behind everybody's back.
 *
 * A hit is looked at again when every write from before it must have reached the log: if the log knows of none that
 * may have changed the answer, until after the database was asked once more, then both answers must be the same.
 * What it does not understand is inconclusive. docs/concepts/observer.md says what for.
 */
export class Observer {
  readonly #deps: ObserverDeps;
  readonly #degrade: boolean;
  readonly #sampler: Sampler;
  /** By key: of one question one hit at a time. */
  readonly #observed = new Map<string, Observation>();
  /** The loads follow one another, so that the database has one question of ours at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(deps: ObserverDeps, { rate, degrade }: ResolvedObserve) {
    this.#deps = deps;
    this.#degrade = degrade;
    this.#sampler = new Sampler(rate);
  }

  /** `resident` answers `request` now. Costs the caller nothing but a note. */
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

  /** Forgets all that is remembered. */
  close(): void {
    this.#closed = true;
    for (const { cancel } of this.#observed.values()) cancel();
    this.#observed.clear();
  }

  /** A timer for each, so that a load finds the asynchronous context that its caller had. */
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

  /** How the database's answer differs; `undefined` if there is none that must be the same. Never rejects. */
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
      // Nobody asked for this load, so nobody hears of its failure; nor can every answer be encoded.
      return undefined;
    }
  }

  async #settle(observation: Observation, difference: 'content' | 'order'): Promise<void> {
    const undisturbed = await this.#isUndisturbed(observation);
    if (!this.#isWanted(observation)) return;
    this.#end(observation, undisturbed ? 'mismatched' : 'inconclusive');
    if (undisturbed) this.#report(observation, difference);
  }

  /** Whether the log, asked anew, knows of nothing that may have changed the answer or may be changing it now. */
  async #isUndisturbed(observation: Observation): Promise<boolean> {
    const { tail } = this.#deps;
    const { entry, judgedAt } = observation;
    if (!(await tail.confirmAnew())) return false;
    if (!tail.isUnaffected(judgedAt, entry.footprint) || tail.view.hasOpenWrite(entry.footprint)) return false;
    return this.#isWanted(observation) && this.#asksTheSame(observation);
  }

  /** Whether the load still asks what was asked: its caller may have used the arguments for something else since. */
  #asksTheSame({ request: { query, key } }: Observation): boolean {
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

  /** Drops the entry, widens its models if that is wanted, and tells. */
  #report({ request, entry, source }: Observation, difference: 'content' | 'order'): void {
    const { tail, memory, shared, events, background } = this.#deps;
    const { footprint, stamp } = entry;
    const { key, query } = request;
    const records = reportedRecords(tail.view.records.since(stamp.seq, MOST_RECORDS), footprint);
    memory?.delete(key.local);
    if (shared !== undefined) background.add(this.#deleteShared(shared, key.shared()));
    const degraded = this.#degrade && difference === 'content' ? tail.view.widened.add(footprint) : [];
    if (degraded.length > 0) {
      // What was kept until now was judged by what is no longer trusted.
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
