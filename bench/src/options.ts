import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface BenchOptions {
  readonly rounds: number;
  /** How long each contender runs in each round, in milliseconds. */
  readonly milliseconds: number;
  readonly seed: number;
  /** The targets to measure, such as `T1`. `undefined`: all. */
  readonly only: ReadonlySet<string> | undefined;
  /** The traces of the memory tier. */
  readonly requests: number;
  /** How long the log is written to at each pace. */
  readonly seconds: number;
}

export const USAGE = `npm run bench -- [options]
  --quick            about a minute instead of several
  --rounds <n>       how often everything is measured, at least 1
  --seed <n>         repeats the order and the traces of another run
  --only T1,T9,…     some targets only`;

/** @throws an `Error` saying what is wrong. */
export function parseOptions(given: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...given],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const { quick } = values;
  return {
    rounds: integer('--rounds', values.rounds) ?? (quick ? 9 : 15),
    milliseconds: quick ? 8 : 40,
    seed: integer('--seed', values.seed) ?? Date.now() % 1_000_000,
    only: values.only === undefined ? undefined : new Set(values.only.toUpperCase().split(',')),
    requests: quick ? 300_000 : 1_000_000,
    seconds: quick ? 2 : 8,
  };
}

function integer(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`${option}: got '${given}', allowed: a whole number from 1`);
}
