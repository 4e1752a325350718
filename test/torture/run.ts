import { randomFrom } from '../support/random.js';
import { explain } from './explain.js';
import type { Fault } from './faults/index.js';
import { type Finding, type Pace, playPeriod } from './period.js';
import { World, type WorldOptions } from './world.js';

/** What is to be played. */
export interface RunOptions extends WorldOptions {
  readonly faults: readonly Fault[];
  readonly pace: Pace;
  /** Milliseconds after which no more faults begin; each is played at least once. */
  readonly lasts: number;
  readonly log?: (text: string) => void;
  /** Ends the run after the period under way. */
  readonly signal?: AbortSignal;
}

export interface Outcome {
  readonly findings: readonly Finding[];
  /** The first violations, with the history around them. */
  readonly stories: readonly string[];
  /** Where the whole history is, if there was a violation. */
  readonly histories: string | undefined;
}

/** How many violations are printed in full. */
const MOST_TOLD = 5;

/** Plays faults one after another, in an order of the seed, until the time is over. */
export async function run({ faults, pace, lasts, log, signal, ...options }: RunOptions): Promise<Outcome> {
  const random = randomFrom(options.seed);
  const promising = faults.filter(({ modes = [options.mode] }) => modes.includes(options.mode));
  const findings: Finding[] = [];
  const stories: string[] = [];
  const end = performance.now() + lasts;
  const world = await World.open(options);
  try {
    do {
      for (const fault of shuffled(promising, random)) {
        if (signal?.aborted || (findings.length >= promising.length && performance.now() > end)) break;
        const finding = await playPeriod(world, fault, pace, random);
        findings.push(finding);
        const told = finding.violations.slice(0, MOST_TOLD - stories.length);
        stories.push(...told.map((violation) => explain(violation, world.timeline, finding)));
        log?.(`${options.mode} ${fault.id}: ${finding.reads} reads, ${finding.violations.length} violations`);
      }
    } while (!signal?.aborted && performance.now() < end);
  } finally {
    await world.close();
    if (stories.length === 0) world.journals.remove();
  }
  return { findings, stories, histories: stories.length > 0 ? world.journals.folder : undefined };
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const lots = items.map((item) => ({ item, lot: random() }));
  return lots.toSorted((one, other) => one.lot - other.lot).map(({ item }) => item);
}
