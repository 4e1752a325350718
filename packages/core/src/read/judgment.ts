import { type Freshness, freshnessOf } from '../entry/freshness.js';
import type { Lifetime } from '../entry/lifetime.js';
import type { Footprint } from '../match/footprint.js';
import type { LogTail } from '../tail/log-tail.js';
import type { Resident } from './resident.js';

/** Why a read does not use the cache while the log is not confirmed. `opening`: the log has not answered yet, which is no outage. */
export type Unconfirmed = 'opening' | 'log-unconfirmed';

/** Judges entries: by the log whether they are valid, by their times whether they are fresh. */
export class Judgment {
  readonly #tail: LogTail;
  readonly #maxStale: number;

  /** @param maxStale - How long after its last confirmation the log may still serve memory, in milliseconds; 0: not at all. */
  constructor(tail: LogTail, maxStale: number) {
    this.#tail = tail;
    this.#maxStale = maxStale;
  }

  /** Whether no change that this process knows may have affected the entry. */
  isValid(resident: Resident): boolean {
    const tail = this.#tail;
    if (!tail.isUnaffected(resident.judgedAt, resident.entry.footprint)) return false;
    // Judged up to here: the next hit looks only at later records. Another process may have loaded the entry at a position
    // that this one has not read yet.
    const { position } = tail;
    if (position !== undefined && position.seq >= resident.judgedAt.seq) resident.judgedAt = position;
    return true;
  }

  /** How fresh the entry is for a reader that wants `lifetime`, at `now` on this process's clock. */
  freshnessOf({ entry }: Resident, lifetime: Lifetime, now?: number): Freshness {
    return freshnessOf(entry, lifetime, this.#tail.time(now));
  }

  /** Whether the entry is valid, and fresh for a reader that wants `lifetime`. */
  isCurrent(resident: Resident, lifetime: Lifetime): boolean {
    return this.isValid(resident) && this.freshnessOf(resident, lifetime) === 'fresh';
  }

  /** Whether an entry in memory may be served although the log cannot be confirmed. */
  mayServeUnconfirmed(resident: Resident, lifetime: Lifetime): boolean {
    return this.#tail.unconfirmedFor <= this.#maxStale && this.isCurrent(resident, lifetime);
  }

  /** The reason to report while the log is not confirmed. */
  get whyUnconfirmed(): Unconfirmed {
    return this.#tail.opening ? 'opening' : 'log-unconfirmed';
  }

  /** Why the result of a load that begins now must not be cached: an announced write may still change it. */
  whyUnkept(footprint: Footprint): 'quarantined' | 'unsettled-write' | undefined {
    const { view } = this.#tail;
    if (view.isQuarantined) return 'quarantined';
    return view.mayStillCommit(footprint) ? 'unsettled-write' : undefined;
  }
}
