import { checkKeys } from '../check-keys.js';
import { toMilliseconds } from '../duration.js';
import type { Lifetime } from '../entry/lifetime.js';
import { InvalidOptionError } from '../errors.js';
import type { ResolvedCacheSettings } from '../query-cache/cache-settings.js';
import type { Consistency } from '../read/query.js';
import type { ReadCacheOptions } from './cache-argument-types.js';
import { parseNames, parseScope } from './names-and-scope.js';

/** The options of a read, as errors list them. */
export const READ_OPTIONS: readonly (keyof ReadCacheOptions)[] = [
  'ttl',
  'swr',
  'grace',
  'tags',
  'scope',
  'consistency',
];

/** How a read may use the cache, with nothing left to decide but the scope. */
export interface ReadPolicy {
  readonly lifetime: Lifetime;
  readonly tags: readonly string[];
  readonly consistency: Consistency;
  /** Whose answer it is. Absent: what the adapter's `scope` says. */
  readonly scope: string | undefined;
}

/**
 * Completes a `cache` argument.
 *
 * @param option - Where it was given, for errors.
 * @param base - What holds where it says nothing.
 * @returns `false` if the read must not be cached.
 * @throws {@link InvalidOptionError} naming the option.
 */
export function parseReadArgument(option: string, given: unknown, base: ReadPolicy): ReadPolicy | false {
  if (given === true || given === undefined) return base;
  if (given === false) return false;
  if (typeof given === 'number' || typeof given === 'string') {
    return { ...base, lifetime: { ...base.lifetime, ttl: toMilliseconds(option, given) } };
  }
  if (typeof given !== 'object' || given === null) {
    throw new InvalidOptionError(
      option,
      given,
      `true, false, a duration, or an object with ${READ_OPTIONS.join(', ')}`,
    );
  }
  checkKeys(option, given, READ_OPTIONS);
  return parseReadOptions(option, given, base);
}

/** As {@link parseReadArgument} for an object whose keys were checked. */
export function parseReadOptions(
  option: string,
  given: Readonly<Record<string, unknown>> | object,
  base: ReadPolicy,
): ReadPolicy {
  const { ttl, swr, grace, tags, scope, consistency } = given as Readonly<Record<string, unknown>>;
  const path = option === '' ? '' : `${option}.`;
  return {
    lifetime: {
      ttl: ttl === undefined ? base.lifetime.ttl : toMilliseconds(`${path}ttl`, ttl),
      swr: swr === undefined ? base.lifetime.swr : toMilliseconds(`${path}swr`, swr, { zero: true }),
      grace: grace === undefined ? base.lifetime.grace : toMilliseconds(`${path}grace`, grace, { zero: true }),
    },
    tags: tags === undefined ? base.tags : [...base.tags, ...parseNames(`${path}tags`, tags, 'tags')],
    scope: parseScope(`${path}scope`, scope) ?? base.scope,
    consistency: consistency === undefined ? base.consistency : parseConsistency(`${path}consistency`, consistency),
  };
}

function parseConsistency(option: string, given: unknown): Consistency {
  if (given === 'bounded' || given === 'strong') return given;
  throw new InvalidOptionError(option, given, "'bounded' or 'strong'");
}

/** @throws {@link InvalidOptionError} if `policy` promises strong reads and writes are not announced. */
export function checkConsistency(
  { consistency }: ReadPolicy,
  { intents }: Pick<ResolvedCacheSettings, 'intents'>,
): void {
  if (consistency !== 'strong' || intents !== undefined) return;
  throw new InvalidOptionError(
    'consistency',
    consistency,
    "'bounded' (`consistency: 'strong'` requires the option `intents`)",
  );
}

/** The tags of the `cache` argument of a write. @throws {@link InvalidOptionError} naming the option. */
export function parseWriteArgument(option: string, given: unknown): readonly string[] {
  if (given === undefined) return [];
  if (typeof given !== 'object') {
    throw new InvalidOptionError(option, given, 'an object with `tags` to invalidate (a write is not cached)');
  }
  checkKeys(option, given, ['tags']);
  return parseNames(`${option}.tags`, Reflect.get(given, 'tags'), 'tags');
}
