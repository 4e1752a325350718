import { parseArgs } from 'node:util';
import { FAULTS, type Fault } from './faults/index.js';
import type { Mode } from './settings.js';

/** What the command line asks for. */
export interface TortureOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly modes: readonly Mode[];
  readonly faults: readonly Fault[];
  readonly processes: number;
}

export const USAGE = `npm run torture -- [options]
  --minutes <n>      how long, at least until every fault had its turn; 5 unless given
  --seed <n>         repeats the choices of another run, though not the timing of the machine
  --mode <mode>      bounded or strong; both unless given
  --faults F1,F9,…   some faults only: ${FAULTS.map(({ id }) => id).join(' ')}
  --processes <n>    how many applications, from 2; 3 unless given`;

/** @throws an `Error` saying what is wrong. */
export function parseOptions(given: readonly string[]): TortureOptions {
  const { values } = parseArgs({
    args: [...given],
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      mode: { type: 'string' },
      faults: { type: 'string' },
      processes: { type: 'string', default: '3' },
    },
  });
  return {
    minutes: number('--minutes', values.minutes, (value) => value >= 0, 'a number'),
    seed: number('--seed', values.seed, Number.isSafeInteger, 'a whole number'),
    modes: modesOf(values.mode),
    faults: values.faults === undefined ? FAULTS : values.faults.split(',').map(faultOf),
    processes: number(
      '--processes',
      values.processes,
      (value) => Number.isInteger(value) && value >= 2 && value <= 16,
      'a whole number from 2 to 16',
    ),
  };
}

function modesOf(given: string | undefined): readonly Mode[] {
  if (given === undefined) return ['bounded', 'strong'];
  if (given === 'bounded' || given === 'strong') return [given];
  throw new Error(`--mode: got '${given}', allowed: bounded, strong`);
}

/** @throws an `Error` naming what there is. */
export function faultOf(id: string): Fault {
  const fault = FAULTS.find((each) => each.id.toLowerCase() === id.toLowerCase());
  if (fault !== undefined) return fault;
  throw new Error(`--faults: got '${id}', allowed: ${FAULTS.map((each) => each.id).join(', ')}`);
}

function number(option: string, given: string, isAllowed: (value: number) => boolean, allowed: string): number {
  const value = Number(given);
  if (given !== '' && isAllowed(value)) return value;
  throw new Error(`${option}: got '${given}', allowed: ${allowed}`);
}
