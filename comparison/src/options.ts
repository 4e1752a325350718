import { parseArgs } from 'node:util';
import type { Durations } from './scenarios/index.js';

/** What the command line asks for. */
export interface CompareOptions {
  readonly durations: Durations;
  /** What the ids of the wanted scenarios begin with, such as `3` or `4b`. `undefined`: all. */
  readonly only: readonly string[] | undefined;
}

export const USAGE = `npm run compare -- [options]
  --quick            outages, and times to live, of about a third
  --seconds <n>      every outage lasts that long
  --only 1,3b,…      some scenarios only: 1 killed, 2 stopped, 3a and 3b bus, 4a and 4b cut-off writer, 5a and 5b loads in flight`;

const USUAL: Durations = { killed: 14_000, stopped: 8_000, cutOff: 13_000, ttl: 10_000, repetitions: 10 };
const QUICK: Durations = { killed: 5_000, stopped: 3_000, cutOff: 4_500, ttl: 3_500, repetitions: 3 };

/** @throws an `Error` saying what is wrong. */
export function parseOptions(given: readonly string[]): CompareOptions {
  const { values } = parseArgs({
    args: [...given],
    options: {
      quick: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const durations = values.quick ? QUICK : USUAL;
  const lasts = milliseconds(values.seconds);
  return {
    durations: lasts === undefined ? durations : { ...durations, killed: lasts, stopped: lasts, cutOff: lasts },
    only: values.only?.toLowerCase().split(','),
  };
}

function milliseconds(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (given.trim() !== '' && Number.isFinite(seconds) && seconds >= 1 && seconds <= 60) return seconds * 1_000;
  throw new Error(`--seconds: got '${given}', allowed: 1 to 60`);
}
