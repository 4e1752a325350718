import { checkKeys } from '../check-keys.js';
import type { Reason } from '../telemetry/events.js';
import { parseReadArgument, parseReadOptions, READ_OPTIONS, type ReadPolicy } from './cache-argument.js';
import { parseNames } from './names-and-scope.js';

/** How the reads of a client that `$cached` made use the cache. */
export interface CachedPolicy {
  /** Completes the options of `$cached` with those of a model. `false`: the read is not cached. */
  readonly apply: (base: ReadPolicy) => ReadPolicy | false;
  /** The base for a nested `$cached`: an outer `false` is dropped, an outer `scope` is kept. */
  readonly base: (policy: ReadPolicy) => ReadPolicy;
  /** The models that raw SQL reads in addition to those that it names, if they were declared. */
  readonly declared: readonly string[] | undefined;
}

/**
 * Parses the argument of `$cached`.
 *
 * @param subject - The option that declares what raw SQL reads: `'models'`, `'tables'`.
 * @throws {@link InvalidOptionError} naming the option.
 */
export function parseCachedPolicy(input: unknown, subject: string): CachedPolicy {
  return parse(snapshotOf(input), subject);
}

function parse(input: unknown, subject: string): CachedPolicy {
  const option = '$cached()';
  const apply = (base: ReadPolicy): ReadPolicy | false =>
    typeof input === 'object' && input !== null
      ? parseReadOptions(option, input, base)
      : parseReadArgument(option, input, base);
  let declared: readonly string[] | undefined;
  if (typeof input === 'object' && input !== null) {
    checkKeys(option, input, [...READ_OPTIONS, subject]);
    const named: unknown = Reflect.get(input, subject);
    const one = subject.replace(/s$/, '');
    if (named !== undefined) declared = parseNames(`${option}.${subject}`, named, `${one} names`);
  }
  apply({ lifetime: { ttl: 1, swr: 0, grace: 0 }, tags: [], scope: undefined, consistency: 'bounded' });
  return policyOf(apply, (policy) => policy, declared);
}

/** @param base - What a nested policy is applied to if this one forbids caching. */
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
 * The policy of a client with `outer` on which `$cached` is called with `inner`: tags of both apply, and every other option of
 * `outer` that `inner` does not set.
 */
export function nestPolicy(outer: CachedPolicy | undefined, inner: CachedPolicy): CachedPolicy {
  if (outer === undefined) return inner;
  const declared =
    outer.declared === undefined && inner.declared === undefined
      ? undefined
      : [...new Set([...(outer.declared ?? []), ...(inner.declared ?? [])])];
  return policyOf((policy) => inner.apply(outer.base(policy)), outer.base, declared);
}

/**
 * How a read uses the cache by its options.
 *
 * @param one - What options are given for: its reason is `model-not-cached` or `table-not-cached`.
 * @param base - The policy of the model that the read names first; `false`: never cached.
 * @param all - Whether reads are cached without being asked to.
 * @param cached - The policy of `$cached`, if the read was called through it.
 * @param argument - The `cache` argument of the read itself.
 * @returns The policy, or the reason why the read does not use the cache.
 * @throws {@link InvalidOptionError} naming the option.
 */
export function policyOfRead(
  one: 'model' | 'table',
  base: ReadPolicy | false,
  all: boolean,
  cached: CachedPolicy | undefined,
  argument?: unknown,
): ReadPolicy | Reason {
  if (argument === undefined && cached === undefined && !all) return 'not-requested';
  if (base === false) return `${one}-not-cached`;
  const outer = cached === undefined ? base : cached.apply(base);
  const policy = argument === undefined ? outer : parseReadArgument('cache', argument, outer === false ? base : outer);
  return policy === false ? 'opted-out' : policy;
}

/** A copy: the options are applied once for each model, and the application may change its object in the meantime. */
function snapshotOf(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, Array.isArray(value) ? [...(value as unknown[])] : value]),
  );
}

/** The bases are the same few objects each time: one per model. */
function memoised(apply: CachedPolicy['apply']): CachedPolicy['apply'] {
  const known = new WeakMap<ReadPolicy, ReadPolicy | false>();
  return (base) => {
    const before = known.get(base);
    if (before !== undefined) return before;
    const policy = apply(base);
    known.set(base, policy);
    return policy;
  };
}
