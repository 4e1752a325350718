import type { Mode } from './settings.js';
import { formatTrace } from './trace.js';
import { type Sources, World } from './world.js';

/** How many worlds take turns: one turn of the event loop lets a step of each come to rest. */
const AT_ONCE = 8;

/** What one seed showed. */
export interface Failure {
  readonly seed: number;
  readonly what: string;
}

/** What many seeds showed. */
export interface Outcome {
  readonly mode: Mode;
  seeds: number;
  reads: number;
  readonly sources: Sources;
  readonly failures: Failure[];
  /** Seeds with at least one failure. */
  failed: number;
  milliseconds: number;
}

/** How many seeds of which kind are played. */
export interface Plan {
  readonly mode: Mode;
  readonly first: number;
  readonly seeds: number;
  /** End at the first failure. */
  readonly untilFailure?: boolean;
}

/** Plays the worlds of `seeds` seeds from `first` on. */
export async function simulate({ mode, first, seeds, untilFailure = false }: Plan): Promise<Outcome> {
  const sources: Sources = { memory: 0, redis: 0, 'shared-load': 0, origin: 0 };
  const outcome: Outcome = { mode, seeds: 0, reads: 0, sources, failures: [], failed: 0, milliseconds: 0 };
  const begun = performance.now();
  let next = first;
  const worlds: World[] = [];
  const isWanted = (): boolean => next < first + seeds && !(untilFailure && outcome.failed > 0);
  for (;;) {
    while (worlds.length < AT_ONCE && isWanted()) worlds.push(new World(next++, mode));
    if (worlds.length === 0) break;
    await turn();
    for (let index = worlds.length - 1; index >= 0; index--) {
      const world = worlds[index] as World;
      if (world.step()) continue;
      worlds.splice(index, 1);
      add(outcome, world);
    }
  }
  outcome.milliseconds = performance.now() - begun;
  return outcome;
}

/** Plays one seed again and tells its story: of the first failure, or as a whole. */
export async function replay(mode: Mode, seed: number, lines = 60): Promise<string> {
  const world = new World(seed, mode, true);
  do await turn();
  while (world.step());
  const violation = world.checker.violations[0];
  const { lines: story } = world.trace;
  if (violation !== undefined) {
    return `${formatTrace(story, violation.rows, violation.at, lines)}\n\n${violation.what}`;
  }
  return `${formatTrace(story, [], Infinity, lines)}\n\n${world.ill.join('\n') || 'Nothing is wrong.'}`;
}

function add(outcome: Outcome, { seed, checker, ill, sources }: World): void {
  outcome.seeds++;
  outcome.reads += checker.reads;
  for (const source of ['memory', 'redis', 'shared-load', 'origin'] as const)
    outcome.sources[source] += sources[source];
  const found = [...checker.violations.map(({ what }) => what), ...ill];
  if (found.length > 0) outcome.failed++;
  for (const what of found) outcome.failures.push({ seed, what });
}

/** Lets everything run that can run without time passing or anything outside answering. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
