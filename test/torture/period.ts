import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { machineTime } from '../support/versioned-reads.js';
import { Bounds, type Sight, type Times } from './checker/bounds.js';
import { Judge, type Violation } from './checker/judge.js';
import type { Fault } from './faults/index.js';
import type { EventLine, Line, ReadLine } from './history.js';
import { TERMS, USUAL_LOAD } from './settings.js';
import type { World } from './world.js';

/** How long the parts of a period take, in milliseconds. */
export interface Pace {
  readonly warmUp: number;
  readonly fault: number;
  readonly recovery: number;
}

/** What one fault brought to light. */
export interface Finding {
  readonly fault: Fault;
  readonly reads: number;
  readonly failedReads: number;
  /** How many reads were answered from where: `memory`, `redis`, `shared-load`, `origin`. */
  readonly sources: Readonly<Record<string, number>>;
  readonly writes: number;
  /** Writes that rejected, or whose outcome is unknown. */
  readonly failedWrites: number;
  /** Those of them that the database had committed. */
  readonly lostAnswers: number;
  /** The largest, in milliseconds. */
  readonly staleness: number;
  readonly violations: readonly Violation[];
  /** What the caches told meanwhile. */
  readonly events: readonly EventLine[];
  readonly from: number;
  readonly until: number;
}

/** Lets all processes work, causes the fault in the middle, and judges every read. */
export async function playPeriod(world: World, fault: Fault, pace: Pace, random: () => number): Promise<Finding> {
  const startedAt = machineTime();
  await world.work({ ...USUAL_LOAD, ...fault.load });
  await delay(pace.warmUp);
  const from = machineTime();
  const lasts = Math.min(pace.fault, fault.longest ?? pace.fault);
  await fault.run({ world, random, lasts });
  const until = machineTime();
  await delay(pace.recovery);
  await world.rest();
  await world.auditor?.ask();

  const lines = world.journals.take();
  for (const line of lines) world.timeline.note(line);
  // A process that could not reach the log for so long knows that it has missed something.
  const outages = fault.lost && lasts > 2 * TERMS.maxStaleness ? [{ from, until: from + lasts }] : [];
  const splits = fault.apart ? [{ from, until: machineTime() }] : [];
  const judged = await judgeAll(world, ofType(lines, 'read'), { outages, splits }, startedAt);
  const writes = new Set(ofType(lines, 'write').map(({ wid }) => wid));
  const answered = new Set(ofType(lines, 'answer').flatMap(({ wid, error }) => (error === undefined ? wid : [])));
  const failed = [...writes].filter((wid) => !answered.has(wid));
  return {
    ...{ fault, from, until, ...judged },
    failedReads: ofType(lines, 'failed-read').length,
    writes: writes.size,
    failedWrites: failed.length,
    lostAnswers: failed.filter((wid) => world.timeline.committed.has(wid)).length,
    events: ofType(lines, 'event'),
  };
}

/** How many reads are judged before others get a turn: the proxies are in this process. */
const AT_ONCE = 100;

async function judgeAll(world: World, reads: readonly ReadLine[], times: Times, startedAt: number) {
  const { timeline, mode } = world;
  const since = startedAt - 10_000;
  const sources: Record<string, number> = {};
  let staleness = 0;
  let violations: Violation[] = [];

  const pass = async (sights: readonly Sight[]): Promise<Sight[]> => {
    const judge = new Judge(timeline, new Bounds(timeline, mode, times, sights), since);
    const found: Sight[] = [];
    violations = [];
    for (const [index, read] of reads.entries()) {
      if (index % AT_ONCE === 0) await turn();
      const verdict = judge.judge(read);
      for (const sight of verdict.sights) found.push(sight);
      violations.push(...verdict.violations);
      staleness = Math.max(staleness, verdict.staleness);
    }
    return found;
  };
  const sights = await pass([]);
  // What one read has seen, no later read may have missed.
  if (mode === 'strong') await pass(sights);
  for (const { source } of reads) sources[source] = (sources[source] ?? 0) + 1;
  return { reads: reads.length, sources, staleness, violations };
}

function ofType<Type extends Line['type']>(lines: readonly Line[], type: Type): Extract<Line, { type: Type }>[] {
  return lines.filter((line): line is Extract<Line, { type: Type }> => line.type === type);
}
