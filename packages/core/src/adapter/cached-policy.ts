import { checkKeys } from '../check-keys.js';
import { parseReadArgument, parseReadOptions, READ_OPTIONS, type ReadPolicy } from './read-policy.js';
import { parseNames } from './text-options.js';

/** How the reads of a client that `$cached` made use the cache. */
export interface CachedPolicy {
  /** Completes what was given with what holds for a model. `false`: not at all. */
  readonly over: (base: ReadPolicy) => ReadPolicy | false;
  /** The same for who says more after it: that nothing was to be cached is then forgotten, whose answers they are is not. */
  readonly beneath: (base: ReadPolicy) => ReadPolicy;
  /** The models that raw SQL reads besides those that its text names, if it was said. */
  readonly declared: readonly string[] | undefined;
}

/**
 * Reads what `$cached` was given.
 *
 * @param subject - The option that declares what raw SQL reads: `'models'`, `'tables'`.
 * @throws {@link InvalidOptionError} naming the option.
 */
export function parseCachedPolicy(given: unknown, subject: string): CachedPolicy {
  return parse(snapshotOf(given), subject);
}

function parse(given: unknown, subject: string): CachedPolicy {
  const option = '$cached()';
  const over = (base: ReadPolicy): ReadPolicy | false =>
    typeof given === 'object' && given !== null
      ? parseReadOptions(option, given, base)
      : parseReadArgument(option, given, base);
  let declared: readonly string[] | undefined;
  if (typeof given === 'object' && given !== null) {
    checkKeys(option, given, [...READ_OPTIONS, subject]);
    const named: unknown = Reflect.get(given, subject);
    const one = subject.replace(/s$/, '');
    if (named !== undefined) declared = parseNames(`${option}.${subject}`, named, `${one} names`);
  }
  over({ lifetime: { ttl: 1, swr: 0, grace: 0 }, tags: [], scope: undefined, consistency: 'bounded' });
  return policyOf(over, (base) => base, declared);
}

/** @param beneath - What holds where nothing is to be cached. */
function policyOf(
  over: CachedPolicy['over'],
  beneath: CachedPolicy['beneath'],
  declared: CachedPolicy['declared'],
): CachedPolicy {
  const remembered = memoised(over);
  return {
    over: remembered,
    beneath: (base) => {
      const said = remembered(base);
      return said === false ? beneath(base) : said;
    },
    declared,
  };
}

/**
 * What `inner` says of the reads of a client that has `outer` already: a scope, tags and whatever else `outer` said hold on,
 * unless they are said anew.
 */
export function refineCachedPolicy(outer: CachedPolicy | undefined, inner: CachedPolicy): CachedPolicy {
  if (outer === undefined) return inner;
  const declared =
    outer.declared === undefined && inner.declared === undefined
      ? undefined
      : [...new Set([...(outer.declared ?? []), ...(inner.declared ?? [])])];
  return policyOf((base) => inner.over(outer.beneath(base)), outer.beneath, declared);
}

/** Options as they are now: they are read again for each model, and whoever gave them may change them meanwhile. */
function snapshotOf(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, Array.isArray(value) ? [...(value as unknown[])] : value]),
  );
}

/** The bases are the same few objects each time: one per model. */
function memoised(over: CachedPolicy['over']): CachedPolicy['over'] {
  const known = new WeakMap<ReadPolicy, ReadPolicy | false>();
  return (base) => {
    const found = known.get(base);
    if (found !== undefined) return found;
    const made = over(base);
    known.set(base, made);
    return made;
  };
}
