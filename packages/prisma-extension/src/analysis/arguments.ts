/** Something in an operation's arguments that we do not understand. Whoever meets it must not guess. */
export class NotAnalysableError extends Error {
  override readonly name = 'NotAnalysableError';
}

/** Arguments by name. */
export type Arguments = Readonly<Record<string, unknown>>;

/**
 * The entries of an argument object that Prisma will look at: inherited ones too, as Prisma iterates with `for … in`;
 * none that are `undefined` or `Prisma.skip`.
 *
 * @throws {@link NotAnalysableError} for anything that is not an object of arguments.
 */
export function entriesOf(given: unknown, place: string): readonly (readonly [string, unknown])[] {
  const holder = argumentsOf(given, place);
  const entries: [string, unknown][] = [];
  for (const key in holder) {
    const value = holder[key];
    if (value !== undefined && !isSkip(value)) entries.push([key, value]);
  }
  return entries;
}

/** `given` as arguments. @throws {@link NotAnalysableError} for anything else. */
export function argumentsOf(given: unknown, place: string): Arguments {
  if (isArguments(given)) return given;
  throw new NotAnalysableError(`${place} is not an object`);
}

/** One or many: `given` as a list. Nothing, `false` and skipped values are none. */
export function listOf(given: unknown): readonly unknown[] {
  if (given === undefined || given === false || isSkip(given)) return [];
  return Array.isArray(given) ? given : [given];
}

export function isArguments(given: unknown): given is Arguments {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** `Prisma.skip`, whichever copy of Prisma made it: an object without properties that has this one method. */
export function isSkip(given: unknown): boolean {
  return (
    typeof given === 'object' &&
    given !== null &&
    'ifUndefined' in given &&
    typeof given.ifUndefined === 'function' &&
    Object.keys(given).length === 0
  );
}
