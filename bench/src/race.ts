import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';
import { median } from 'simple-statistics';
import { type Spread, spreadOf } from './spread.js';

/** One way of doing a thing, given a number that it was never given before. */
export type Contender = (call: number) => unknown;

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  /** How long each contender runs in each round, in milliseconds. */
  readonly milliseconds: number;
  readonly random: JumpableRandomGenerator;
}

/** What one call of each contender took in each round, in microseconds. */
export class RaceTimes<Name extends string> {
  readonly #rounds: ReadonlyArray<Readonly<Record<Name, number>>>;

  constructor(rounds: ReadonlyArray<Readonly<Record<Name, number>>>) {
    this.#rounds = rounds;
  }

  /** How often `one` takes the time of the `others` together, compared within each round: the machine's mood cancels out. */
  ratio(one: Name, ...others: readonly Name[]): Spread {
    return spreadOf(this.#rounds.map((times) => times[one] / others.reduce((sum, other) => sum + times[other], 0)));
  }
}

/** How a contender fills a round. */
interface Pace {
  /** How often the clock is read. */
  readonly samples: number;
  /** How many calls lie between two readings. */
  readonly calls: number;
}

/**
 * Lets `contenders` run against each other: all of them in every round, each time in another order.
 *
 * A contender's time in a round is the median of many short samples, so that what else runs on the machine, and the
 * collector of garbage, count only when they are there most of the time. A sample of an asynchronous contender is one
 * call; the next begins when it has ended.
 */
export async function race<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  effort: Effort,
): Promise<RaceTimes<Name>> {
  const runners: { readonly name: Name; readonly contender: Contender; readonly pace: Pace }[] = [];
  for (const name of Object.keys(contenders) as Name[]) {
    const contender = contenders[name];
    runners.push({ name, contender, pace: await warmUp(contender, effort.milliseconds) });
  }
  const rounds: Record<Name, number>[] = [];
  for (let round = 0; round < effort.rounds; round += 1) {
    const times = new Map<Name, number>();
    for (const { name, contender, pace } of shuffled(runners, effort.random)) {
      times.set(name, await timeOf(contender, pace));
    }
    rounds.push(Object.fromEntries(times) as Record<Name, number>);
  }
  return new RaceTimes(rounds);
}

/** Long enough for the clock to be exact, and short enough to fit between two interruptions. */
const SAMPLE_MILLISECONDS = 0.2;
const FEWEST_SAMPLES = 3;
const WARM_UP_MILLISECONDS = 150;
let nextCall = 0;

/** Runs until the compiler has had its chance, and finds the pace that fills `milliseconds`. */
async function warmUp(contender: Contender, milliseconds: number): Promise<Pace> {
  const until = performance.now() + WARM_UP_MILLISECONDS;
  let pace: Pace = { samples: FEWEST_SAMPLES, calls: 1 };
  for (;;) {
    const took = (await timeOf(contender, pace)) / 1_000;
    const calls = isThenable(kept) ? 1 : Math.max(1, Math.round(SAMPLE_MILLISECONDS / took));
    pace = { calls, samples: Math.max(FEWEST_SAMPLES, Math.round(milliseconds / (took * calls))) };
    if (performance.now() >= until) return pace;
  }
}

/** The time of one call, in microseconds. */
async function timeOf(contender: Contender, { samples, calls }: Pace): Promise<number> {
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const begun = performance.now();
    for (let call = 0; call < calls; call += 1) kept = contender(nextCall++);
    if (isThenable(kept)) await kept;
    times.push(performance.now() - begun);
  }
  return (1_000 * median(times)) / calls;
}

/** Where results go, so that no compiler finds the work useless. */
let kept: unknown;

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

function shuffled<Item>(items: readonly Item[], random: JumpableRandomGenerator): Item[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = uniformInt(random, 0, last);
    [order[last], order[other]] = [order[other] as Item, order[last] as Item];
  }
  return order;
}
