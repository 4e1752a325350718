/** The operators of filters that compare with JSON. */
const OF_JSON: ReadonlySet<string> = new Set([
  'equals',
  'not',
  'array_contains',
  'array_starts_with',
  'array_ends_with',
  'lt',
  'lte',
  'gt',
  'gte',
  'has',
  'hasEvery',
  'hasSome',
]);

/**
 * The order of the keys of every object in `args` that may be compared as JSON; `undefined` if there is none.
 *
 * SQLite compares JSON as text, so `{ a: 1, b: 2 }` is not `{ b: 2, a: 1 }` there. Everything else in arguments means the same in
 * any order.
 */
export function jsonOrders(args: unknown): unknown {
  if (Array.isArray(args)) return unlessEmpty(args.map(jsonOrders));
  if (!isObject(args)) return undefined;
  let found: Record<string, unknown> | undefined;
  for (const key in args) {
    const value = args[key];
    if (typeof value !== 'object') continue;
    const orders = OF_JSON.has(key) ? ordersWithin(value) : jsonOrders(value);
    if (orders !== undefined) found = { ...found, [key]: orders };
  }
  return found;
}

/** The keys of `value` in their order, each with those of what it leads to. */
function ordersWithin(value: unknown): unknown {
  if (Array.isArray(value)) return unlessEmpty(value.map(ordersWithin));
  if (!isObject(value)) return undefined;
  return Object.entries(value).map(([key, inner]) => [key, ordersWithin(inner)]);
}

function unlessEmpty(orders: readonly unknown[]): readonly unknown[] | undefined {
  return orders.some((one) => one !== undefined) ? orders : undefined;
}

/** Prisma hands copies of the arguments to extensions: what is not a value of its own is a plain object. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
