/**
 * The arguments in which Prisma takes `undefined` for an absent property, at any depth, and which it ignores if they are
 * `undefined` themselves: unless the client has the preview feature `strictUndefinedChecks`.
 */
const DROPPED: ReadonlySet<string> = new Set([
  'where',
  'orderBy',
  'cursor',
  'having',
  'by',
  'distinct',
  'take',
  'skip',
]);

/** Selections that are `undefined` as a whole are absent ones, with every client. */
const SELECTIONS: ReadonlySet<string> = new Set(['select', 'include', 'omit']);

/** The path from the arguments to one of their properties. */
type Place = readonly (string | number)[];

/**
 * Where `args` hold an `undefined` that Prisma may distinguish from an absent property; `undefined` if there is none.
 *
 * With `strictUndefinedChecks` Prisma refuses it. Without, it still counts in selections: `omit: { email: undefined }` wins
 * over a global `omit`, and an unknown field is refused.
 *
 * @param strict - Whether the client has the feature.
 */
export function undefinedPlaces(args: unknown, strict: boolean): readonly Place[] | undefined {
  if (!isHolder(args)) return undefined;
  let places: Place[] | undefined;
  for (const key in args) {
    const value = args[key];
    if (!strict && DROPPED.has(key)) continue;
    if (value === undefined) {
      if (!SELECTIONS.has(key)) places = [...(places ?? []), [key]];
    } else if (typeof value === 'object') places = collect(value, [key], places);
  }
  return places;
}

function collect(value: unknown, at: Place, found: Place[] | undefined): Place[] | undefined {
  let places = found;
  if (Array.isArray(value)) {
    // The key itself distinguishes an `undefined` element from others.
    value.forEach((element, index) => {
      if (typeof element === 'object') places = collect(element, [...at, index], places);
    });
    return places;
  }
  if (!isHolder(value)) return places;
  for (const key in value) {
    const property = value[key];
    if (property === undefined) places = [...(places ?? []), [...at, key]];
    else if (typeof property === 'object') places = collect(property, [...at, key], places);
  }
  return places;
}

/** Prisma hands copies of the arguments to extensions: what is not a value of its own is a plain object. */
function isHolder(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
