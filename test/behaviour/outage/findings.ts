import { behind, isHit, median, type Observation } from '../../support/observed-reads.js';
import type { VersionWrite } from '../../support/raised-versions.js';
import type { Played } from './play.js';

/** What a situation was like, in figures. Times are in milliseconds. */
export interface Findings {
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** How often this process waited for Redis until the deadline, the situation through. */
  readonly deadlines: number;
  readonly unconfirmed: number;
  /** Answers in the process that writes that did not know of an acknowledged write, at any time. */
  readonly staleHere: number;
  /** For how long the other process was given an old row at most, since its write was acknowledged. */
  readonly behindDuring: number;
  readonly behindAfter: number;
  /** The same at any time, since the write was acknowledged and its invalidation had left the writer. */
  readonly behindLog: number;
  /** How long after the end of it an answer came from a cache. */
  readonly hitHere: number;
  readonly hitThere: number;
}

/** Those that began from `from` on and before `to`. */
export function between<Item extends { readonly startedAt: number }>(
  items: readonly Item[],
  from: number,
  to: number,
): readonly Item[] {
  return items.filter(({ startedAt }) => startedAt >= from && startedAt < to);
}

export function findingsOf({ here, there, writes, events, times }: Played): Findings {
  const during = between(here.reads, times.begun, times.ending);
  const acknowledged = ({ acknowledgedAt }: VersionWrite): number => acknowledgedAt;
  const logged = ({ acknowledgedAt, waits }: VersionWrite): number =>
    waits ? Math.max(acknowledgedAt, times.delivered) : acknowledgedAt;
  const most = (reads: readonly Observation[], since: (write: VersionWrite) => number): number =>
    Math.max(0, ...reads.map((read) => behind(read, writes, since)));
  return {
    reads: during.map(({ took }) => took),
    writes: between(writes, times.begun, times.ending).map((write) => write.acknowledgedAt - write.startedAt),
    deadlines: events.filter((event) => event.type === 'tier-failed' && /longer than/.test(String(event.error))).length,
    unconfirmed: during.filter(({ reason }) => reason === 'log-unconfirmed').length,
    staleHere: here.reads.filter((read) => behind(read, writes, acknowledged) > 0).length,
    behindDuring: most(between(there.reads, times.begun, times.ending), acknowledged),
    behindAfter: most(between(there.reads, times.ending, Number.POSITIVE_INFINITY), acknowledged),
    behindLog: most(there.reads, logged),
    hitHere: firstHit(here.reads, times.ended),
    hitThere: firstHit(there.reads, times.ended),
  };
}

/** How long after `time` the first hit began; infinitely long if there was none. */
function firstHit(reads: readonly Observation[], time: number): number {
  const hit = reads.find((read) => read.startedAt >= time && isHit(read));
  return hit === undefined ? Number.POSITIVE_INFINITY : hit.startedAt - time;
}

/** The figures of all situations, for people. */
export function tableOf(all: ReadonlyMap<string, Findings>): string {
  const line = (name: string, cells: readonly string[]): string =>
    name.padEnd(38) + cells.map((cell) => cell.padStart(9)).join('');
  const speed = (times: readonly number[]): readonly string[] => [
    String(times.length),
    median(times).toFixed(1),
    Math.max(...times).toFixed(0),
  ];
  return [
    '',
    'While Redis is …; times in ms, of the default deadline (50) and maxStaleness (1000).',
    line('', ['reads', 'p50', 'max', 'writes', 'p50', 'max', 'deadline', 'unconf.', 'stale A', ...HEADS]),
    ...[...all].map(([name, found]) =>
      line(name, [
        ...speed(found.reads),
        ...speed(found.writes),
        ...[found.deadlines, found.unconfirmed, found.staleHere].map(String),
        ...[found.behindDuring, found.behindAfter, found.hitHere, found.hitThere].map((time) => time.toFixed(0)),
      ]),
    ),
    'A reads and writes, B reads. deadline: waits of A that ended there. unconf.: reads of A that passed the cache by.',
    'stale A: answers to A older than its writes. behind B: for how long B gave an old row, meanwhile and afterwards.',
    'hit: how long after the end of it a cache answered again.',
  ].join('\n');
}

const HEADS = ['behind B', 'after', 'hit A', 'hit B'];
