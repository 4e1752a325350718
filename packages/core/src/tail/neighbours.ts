import { decodeRecord, encodeRecord } from '../log/record-codec.js';
import type { Change } from '../match/change.js';
import type { Neighbour, ProcessBook } from '../process/process-book.js';
import type { CacheEvents } from '../telemetry/events.js';
import type { LogTail } from './log-tail.js';
import type { Origin } from './pending-changes.js';

const NOBODY: ReadonlySet<Neighbour> = new Set();

/** What a {@link Neighbours} is made of. */
export interface NeighboursParts {
  readonly process: ProcessBook;
  /** Namespace and database. */
  readonly namespace: string;
  readonly tail: LogTail;
  readonly events: CacheEvents;
}

/**
 * Carries writes between the tails of one process that follow the same database and cannot share one tail: their
 * options differ, their connections differ, or other versions of this module made them.
 *
 * A tail appends what it receives as a write of its own. So its caches know of the write before the writer's caller does,
 * and so do the processes behind another Redis.
 */
export class Neighbours {
  readonly #parts: NeighboursParts;
  readonly #own: Neighbour;
  #hears = true;

  constructor(parts: NeighboursParts) {
    const { process, namespace, tail, events } = parts;
    this.#parts = parts;
    const all = process.neighbours.get(namespace) ?? new Set();
    process.neighbours.set(namespace, all);
    const origin = silentUnlessItWaits(events);
    this.#own = {
      hear: (record) => {
        if (this.#hears) void tail.append(decodeRecord(record).changes, [], origin);
      },
      waiting: () => tail.outbox.commits.map(textOf),
    };
    // What the others still wait to deliver is in no log yet.
    this.#each('join', (other) => other.waiting().forEach(this.#own.hear));
    all.add(this.#own);
  }

  /**
   * Passes a write to the other tails, which know of it when this returns. This holds as well after the own tail has left, and for
   * tails that came since.
   */
  tell(changes: readonly Change[]): void {
    if (changes.length === 0 || !this.#hasOthers) return;
    const record = textOf(changes);
    this.#each('tell', (other) => other.hear(record));
  }

  /** From now on no cache reads by this tail. What it still delivers is known to tails that register meanwhile. */
  stopHearing(): void {
    this.#hears = false;
  }

  leave(): void {
    const { process, namespace } = this.#parts;
    const all = process.neighbours.get(namespace);
    if (all?.delete(this.#own) && all.size === 0) process.neighbours.delete(namespace);
  }

  /** All that have not left, or none: the book forgets a set whose last one leaves, and those that come later have another. */
  get #present(): ReadonlySet<Neighbour> {
    return this.#parts.process.neighbours.get(this.#parts.namespace) ?? NOBODY;
  }

  get #hasOthers(): boolean {
    const present = this.#present;
    return present.size > (present.has(this.#own) ? 1 : 0);
  }

  #each(operation: string, act: (other: Neighbour) => void): void {
    for (const other of this.#present) {
      if (other === this.#own) continue;
      try {
        act(other);
      } catch (error) {
        // Code of another version: its error must not fail the write.
        this.#parts.events.emit({ type: 'tier-failed', tier: 'process', operation, error });
      }
    }
  }
}

function textOf(changes: readonly Change[]): string {
  return encodeRecord(changes).text;
}

/** `events`, but not for changes that were appended: the caches that made them report them. */
function silentUnlessItWaits(events: CacheEvents): Origin {
  return {
    get heard() {
      return events.heard;
    },
    emit(event) {
      if (event.type !== 'invalidate' || event.queued) events.emit(event);
    },
  };
}
