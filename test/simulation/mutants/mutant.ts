import type { Mode } from '../settings.js';

/** A text in the sources, and what it becomes. */
export interface Edit {
  /** From the root of the project. */
  readonly file: string;
  /** Occurs exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** One rule of the protocol, broken on purpose: a simulation that does not notice proves nothing about that rule. */
export interface Mutant {
  readonly name: string;
  /** What the rule says. */
  readonly rule: string;
  /** What is broken; several texts where one rule is kept in several places. */
  readonly edits: readonly Edit[];
  /** Where it shows, and a seed that has shown it: that one is tried first. */
  readonly mode: Mode;
  readonly seed?: number;
}
