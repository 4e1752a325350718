import { type Duration, type DurationBounds, toMilliseconds } from './duration.js';
import { InvalidOptionError } from './errors.js';

/** One option: its default, and how it is checked. */
export interface OptionRow<Value> {
  /** Takes the place of an option that is not given, as a user would write it. Absent: `parse` gets `undefined`. */
  readonly default?: unknown;
  /** The environment variable that is used if the option is not given. One that is empty counts as not set. */
  readonly variable?: `CACHETASTIC_${string}` | undefined;
  /** Turns the variable's string into what a program would pass. @defaultValue the string */
  readonly read?: ((value: string) => unknown) | undefined;
  /**
   * Turns the user's value into the one that the code works with.
   *
   * @param variable - The value of the environment variable, also if the option is given.
   * @throws {@link InvalidOptionError} naming `option`, its value and what is allowed.
   */
  readonly parse: (option: string, input: unknown, variable: string | undefined) => Value;
}

/** A row for each option. Its keys are the allowed options; `Resolved` has their parsed values. */
export type OptionTable<Resolved> = { readonly [Name in keyof Resolved]-?: OptionRow<Resolved[Name]> };

/**
 * Completes `input` by `table`. Other keys are ignored: `checkKeys` refuses them.
 *
 * @throws {@link InvalidOptionError} for the first option that its row refuses.
 */
export function resolveTable<Resolved>(
  table: OptionTable<Resolved>,
  input: object,
  environment: NodeJS.ProcessEnv = {},
): Resolved {
  const rows = Object.entries<OptionRow<unknown>>(table).map(([option, row]) => {
    // Operators unset a variable by leaving it empty.
    const variable = (row.variable && environment[row.variable]) || undefined;
    const own: unknown = Reflect.get(input, option);
    const standard = variable === undefined ? row.default : (row.read?.(variable) ?? variable);
    return [option, row.parse(option, own === undefined ? standard : own, variable)];
  });
  return Object.fromEntries(rows) as Resolved;
}

/** A duration, in milliseconds once it is parsed. */
export function durationRow(standard: Duration, bounds?: DurationBounds): OptionRow<number> {
  return { default: standard, parse: (option, input) => toMilliseconds(option, input, bounds) };
}

/** One of two words, the first by default. */
export function choiceRow<Word extends string>(standard: Word, other: Word): OptionRow<Word> {
  return {
    default: standard,
    parse(option, input) {
      if (input === standard || input === other) return input as Word;
      throw new InvalidOptionError(option, input, `'${standard}' or '${other}'`);
    },
  };
}
