/** Something in an operation's arguments that is not understood. Code that finds it must not guess. */
export class NotAnalysableError extends Error {
  override readonly name = 'NotAnalysableError';
}

export type Arguments = Readonly<Record<string, unknown>>;

/**
 * The entries of an argument object that Prisma will look at: inherited ones too, as Prisma iterates with `for … in`;
 * none that are `undefined` or `Prisma.skip`.
 *
 * @throws {@link NotAnalysableError} for anything that is not an object of arguments.
 */
export function entriesOf(input: unknown, place: string): readonly (readonly [string, unknown])[] {
  const holder = argumentsOf(input, place);
  const entries: [string, unknown][] = [];
  for (const key in holder) {
    const value = holder[key];
    if (value !== undefined && !isSkip(value)) entries.push([key, value]);
  }
  return entries;
}

/** `input` as arguments. @throws {@link NotAnalysableError} for anything else. */
export function argumentsOf(input: unknown, place: string): Arguments {
  if (isArguments(input)) return input;
  throw new NotAnalysableError(`${place} is not an object`);
}

/** One or many: `input` as a list. Nothing, `false` and skipped values are none. */
export function listOf(input: unknown): readonly unknown[] {
  if (input === undefined || input === false || isSkip(input)) return [];
  return Array.isArray(input) ? input : [input];
}

export function isArguments(input: unknown): input is Arguments {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

/** `Prisma.skip`, whichever copy of Prisma made it: an object without properties that has this one method. */
export function isSkip(input: unknown): boolean {
  return (
    typeof input === 'object' &&
    input !== null &&
    'ifUndefined' in input &&
    typeof input.ifUndefined === 'function' &&
    Object.keys(input).length === 0
  );
}
