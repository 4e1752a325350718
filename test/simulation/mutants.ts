import { CLOCK_MUTANTS } from './mutants/clock.js';
import { CLOSING_MUTANTS } from './mutants/closing.js';
import { HEARING_MUTANTS } from './mutants/hearing.js';
import type { Mutant } from './mutants/mutant.js';
import { NEIGHBOUR_MUTANTS } from './mutants/neighbours.js';
import { READING_MUTANTS } from './mutants/reading.js';
import { REPLICA_MUTANTS } from './mutants/replicas.js';
import { SERVING_MUTANTS } from './mutants/serving.js';
import { SPLITTING_MUTANTS } from './mutants/splitting.js';
import { STORING_MUTANTS } from './mutants/storing.js';
import { STRONG_READING_MUTANTS } from './mutants/strong.js';
import { TAILING_MUTANTS } from './mutants/tailing.js';
import { WRITING_MUTANTS } from './mutants/writing.js';

/** The protocol with one rule broken, for each of its rules. */
export const MUTANTS: readonly Mutant[] = [
  ...READING_MUTANTS,
  ...TAILING_MUTANTS,
  ...HEARING_MUTANTS,
  ...WRITING_MUTANTS,
  ...STRONG_READING_MUTANTS,
  ...SERVING_MUTANTS,
  ...REPLICA_MUTANTS,
  ...NEIGHBOUR_MUTANTS,
  ...STORING_MUTANTS,
  ...CLOCK_MUTANTS,
  ...CLOSING_MUTANTS,
  ...SPLITTING_MUTANTS,
];
