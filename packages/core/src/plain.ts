/**
 * Whether `value` is a plain object: made by a literal, `JSON.parse` or `Object.create(null)`, in this realm or another.
 *
 * Arrays, class instances and objects with a prototype of their own are not.
 */
export function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  // Another realm's `Object.prototype`: the only root with this property.
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf');
}

/** The class of `value` for an error message: `'Map'`, `'a function'`, `'an object without a class'`. */
export function describeClass(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const maker: unknown = (value as { constructor?: unknown }).constructor;
  return typeof maker === 'function' && maker.name !== ''
    ? `an instance of ${maker.name}`
    : 'an object of unknown class';
}

/** Whether `value` is an object with names in it, as JSON has them: no array, and not `null`. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was thrown, as a sentence: the message of an error, anything else as a string. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** How long a chain of causes is followed: one may lead back to itself. */
const MOST_CAUSES = 5;

/** What was thrown, its `cause`, the cause of that, and so on. */
export function causesOf(thrown: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let cause = thrown; cause !== undefined && cause !== null && causes.length < MOST_CAUSES; ) {
    causes.push(cause);
    cause = typeof cause === 'object' && 'cause' in cause ? cause.cause : undefined;
  }
  return causes;
}
