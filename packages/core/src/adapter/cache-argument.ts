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

/** How a read may use the cache, complete but for the scope. */
export interface ReadPolicy {
  readonly lifetime: Lifetime;
  readonly tags: readonly string[];
  readonly consistency: Consistency;
  /** The tenant or user that the result belongs to. Absent: by the adapter's `scope`. */
  readonly scope: string | undefined;
}

/**
 * Completes a `cache` argument.
 *
 * @param option - The path of the argument, for errors.
 * @param base - What it leaves out.
 * @returns `false` if the read must not be cached.
 * @throws {@link InvalidOptionError} naming the option.
 */
export function parseReadArgument(option: string, input: unknown, base: ReadPolicy): ReadPolicy | false {
  if (input === true || input === undefined) return base;
  if (input === false) return false;
  if (typeof input === 'number' || typeof input === 'string') {
    return { ...base, lifetime: { ...base.lifetime, ttl: toMilliseconds(option, input) } };
  }
  if (typeof input !== 'object' || input === null) {
    throw new InvalidOptionError(
      option,
      input,
      `true, false, a duration, or an object with ${READ_OPTIONS.join(', ')}`,
    );
  }
  checkKeys(option, input, READ_OPTIONS);
  return parseReadOptions(option, input, base);
}

/** As {@link parseReadArgument} for an object whose keys were checked. */
export function parseReadOptions(
  option: string,
  input: Readonly<Record<string, unknown>> | object,
  base: ReadPolicy,
): ReadPolicy {
  const { ttl, swr, grace, tags, scope, consistency } = input as Readonly<Record<string, unknown>>;
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

function parseConsistency(option: string, input: unknown): Consistency {
  if (input === 'bounded' || input === 'strong') return input;
  throw new InvalidOptionError(option, input, "'bounded' or 'strong'");
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
export function parseWriteArgument(option: string, input: unknown): readonly string[] {
  if (input === undefined) return [];
  if (typeof input !== 'object') {
    throw new InvalidOptionError(option, input, 'an object with `tags` to invalidate (a write is not cached)');
  }
  checkKeys(option, input, ['tags']);
  return parseNames(`${option}.tags`, Reflect.get(input, 'tags'), 'tags');
}
