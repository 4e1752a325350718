import type { ReadLine } from '../history.js';
import { MARGIN, type Mode, TERMS, TTL_MARGIN } from '../settings.js';
import { Ladder } from './ladder.js';
import type { Timeline, Version, Write } from './timeline.js';

/** When something was the case. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/** Times that differ from others in what is promised. */
export interface Times {
  /** No process could reach the log, for longer than a confirmation holds. */
  readonly outages: readonly Span[];
  /** Some had another log than others. */
  readonly splits: readonly Span[];
}

/** What a read of a row may answer, and what it must know of. */
interface RowBounds {
  readonly versions: readonly Version[];
  /** By when they were asked for. */
  readonly invoked: Ladder;
  /** By when every process must know of them. */
  readonly due: Ladder;
  /** By when the process that wrote them knows of them, by life. */
  readonly own: ReadonlyMap<number, Ladder>;
  /** By when a read had seen them. */
  readonly seen: Ladder | undefined;
  /** When the first of those from here on was acknowledged. */
  readonly acknowledgedFrom: readonly number[];
}

/** That a read saw, or must have known of, a version of a row, once it was over. */
export interface Sight {
  readonly row: string;
  readonly version: number;
  readonly until: number;
}

/**
 * The allowed versions of every row for a read, by what the mode promises.
 *
 * `bounded`: what its own process wrote; what others wrote and the log took, {@link TERMS.maxStaleness} later; what the
 * log did not receive because the writer could not reach it, as soon as it could; what it never received, or another
 * log than one's own, by `ttl`.
 * `strong`: whatever was acknowledged, or known to be committed, or seen by anybody, before the read began.
 */
export class Bounds {
  readonly #timeline: Timeline;
  readonly #mode: Mode;
  readonly #times: Times;
  readonly #rows = new Map<string, RowBounds>();

  constructor(timeline: Timeline, mode: Mode, times: Times, sights: readonly Sight[] = []) {
    this.#timeline = timeline;
    this.#mode = mode;
    this.#times = times;
    const seen = groupBy(sights, ({ row }) => row);
    for (const [row, versions] of timeline.rows) this.#rows.set(row, this.#boundsOf(versions, seen.get(row)));
  }

  get rows(): Iterable<string> {
    return this.#rows.keys();
  }

  version(row: string, number: number): Version | undefined {
    return this.#rows.get(row)?.versions[number];
  }

  /** The lowest and the highest version of `row` that `read` may answer with. */
  range(row: string, { life, at, until }: ReadLine): readonly [low: number, high: number] {
    const bounds = this.#rows.get(row);
    if (bounds === undefined) return [0, 0];
    const due = bounds.due.before(this.#mode === 'strong' ? at : at - TERMS.maxStaleness - MARGIN);
    const own = bounds.own.get(life)?.before(at) ?? 0;
    return [Math.max(due, own, bounds.seen?.before(at) ?? 0), bounds.invoked.before(until)];
  }

  /** For how long the answer had been old when it was asked for, in milliseconds. */
  staleness(row: string, version: number, { at }: ReadLine): number {
    const acknowledged = this.#rows.get(row)?.acknowledgedFrom[version + 1] ?? Number.POSITIVE_INFINITY;
    return Math.max(0, at - acknowledged);
  }

  #boundsOf(versions: readonly Version[], sights: readonly Sight[] | undefined): RowBounds {
    const known = versions.flatMap((version) => {
      const write = this.#timeline.writeOf(version);
      return write === undefined ? [] : [{ version, write, number: version.number }];
    });
    const answered = known.flatMap(({ write, number }) =>
      isDone(write) ? [{ write, number, at: write.answer.at }] : [],
    );
    const acknowledgedFrom = Array.from(versions, () => Number.POSITIVE_INFINITY);
    for (const { number, at } of answered) acknowledgedFrom[number] = at;
    for (let number = versions.length - 2; number >= 0; number--) {
      acknowledgedFrom[number] = Math.min(acknowledgedFrom[number] ?? 0, acknowledgedFrom[number + 1] ?? 0);
    }
    const lives = groupBy(answered, ({ write }) => write.life);
    return {
      versions,
      invoked: new Ladder(known.map(({ write, number }) => [write.at, number])),
      due: new Ladder(known.map(({ version, write }) => [this.#dueOf(version, write), version.number])),
      own: new Map(
        [...lives].map(([life, own]) => [life, new Ladder(own.map(({ at, number }) => [at, number]))] as const),
      ),
      seen: sights && new Ladder(sights.map(({ until, version }) => [until, version])),
      acknowledgedFrom,
    };
  }

  /** From when on no read may miss it; in bounded mode, a `maxStaleness` later. */
  #dueOf({ committedBy }: Version, write: Write): number {
    if (this.#mode === 'strong') return isDone(write) ? Math.min(write.answer.at, committedBy) : committedBy;
    const expired = committedBy + TERMS.ttl + TTL_MARGIN - TERMS.maxStaleness;
    if (!isDone(write)) return expired;
    const { at, waits } = write.answer;
    const { outages, splits } = this.#times;
    if (isWithin(splits, at)) return expired;
    if (!waits || isWithin(outages, at)) return at;
    return Math.min(this.#timeline.settledAfter(write.life, at), expired);
  }
}

type Done = Write & { readonly answer: object };

function isDone(write: Write): write is Done {
  return write.answer !== undefined && write.answer.error === undefined;
}

function isWithin(spans: readonly Span[], at: number): boolean {
  return spans.some(({ from, until }) => from <= at && at <= until);
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
