import { checkKeys } from '../check-keys.js';
import { parseReadArgument, parseReadOptions, READ_OPTIONS, type ReadPolicy } from './cache-argument.js';
import { parseNames } from './names-and-scope.js';

/** How the reads of a client that `$cached` made use the cache. */
export interface CachedPolicy {
  /** Completes what was given with what holds for a model. `false`: not at all. */
  readonly apply: (base: ReadPolicy) => ReadPolicy | false;
  /** The base for a nested `$cached`: an outer `false` is dropped, an outer `scope` is kept. */
  readonly base: (policy: ReadPolicy) => ReadPolicy;
  /** The models that raw SQL reads in addition to those that it names, if they were declared. */
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
  const apply = (base: ReadPolicy): ReadPolicy | false =>
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
  apply({ lifetime: { ttl: 1, swr: 0, grace: 0 }, tags: [], scope: undefined, consistency: 'bounded' });
  return policyOf(apply, (policy) => policy, declared);
}

/** @param base - What a nested policy is applied to where nothing is to be cached. */
function policyOf(
  apply: CachedPolicy['apply'],
  base: CachedPolicy['base'],
  declared: CachedPolicy['declared'],
): CachedPolicy {
  const remembered = memoised(apply);
  return {
    apply: remembered,
    base: (policy) => {
      const applied = remembered(policy);
      return applied === false ? base(policy) : applied;
    },
    declared,
  };
}

/**
 * What `inner` says of the reads of a client that has `outer` already: a scope, tags and the other options of `outer` remain,
 * unless `inner` gives them again.
 */
export function nestPolicy(outer: CachedPolicy | undefined, inner: CachedPolicy): CachedPolicy {
  if (outer === undefined) return inner;
  const declared =
    outer.declared === undefined && inner.declared === undefined
      ? undefined
      : [...new Set([...(outer.declared ?? []), ...(inner.declared ?? [])])];
  return policyOf((policy) => inner.apply(outer.base(policy)), outer.base, declared);
}

/** Options as they are now: they are read again for each model, and the application may change them in the meantime. */
function snapshotOf(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, Array.isArray(value) ? [...(value as unknown[])] : value]),
  );
}

/** The bases are the same few objects each time: one per model. */
function memoised(apply: CachedPolicy['apply']): CachedPolicy['apply'] {
  const known = new WeakMap<ReadPolicy, ReadPolicy | false>();
  return (base) => {
    const found = known.get(base);
    if (found !== undefined) return found;
    const made = apply(base);
    known.set(base, made);
    return made;
  };
}
