import { checkKeys, type Duration, InvalidOptionError, toMilliseconds } from '@cachetastic/core';
import { type AdapterOptions, type ResolvedAdapterOptions, resolveAdapterOptions } from '@cachetastic/core/adapter';

/** What {@link drizzleCache} takes beside a cache that was made before. */
export interface DrizzleCachePolicy extends Pick<AdapterOptions, 'mode' | 'ttl' | 'scope'> {
  /**
   * How long after Drizzle told of a write its invalidation is repeated: Drizzle tells before the commit. Between one
   * and two such times later, an answer from before the commit is gone, if the transaction took no longer than this.
   * `0`: it is not repeated.
   *
   * @defaultValue `1` (second)
   */
  readonly repeatAfter?: Duration | undefined;
}

/** What {@link drizzleCache} takes. */
export interface DrizzleCacheOptions
  extends DrizzleCachePolicy,
    Pick<AdapterOptions, 'redis' | 'memory' | 'namespace' | 'maxStaleness' | 'onUnconfirmed' | 'maxStale' | 'onEvent'> {
  /**
   * Names the database: processes with the same name share answers, so they must use one driver. Drizzle does not tell
   * its cache who that is, so a cache in Redis needs it. @defaultValue with `redis` none: it is required
   */
  readonly database?: string | undefined;
}

const POLICY = ['mode', 'ttl', 'scope', 'repeatAfter'] as const satisfies readonly (keyof DrizzleCachePolicy)[];

const OPTIONS = [
  'redis',
  'memory',
  'namespace',
  'database',
  'maxStaleness',
  'onUnconfirmed',
  'maxStale',
  'onEvent',
  ...POLICY,
] as const satisfies readonly (keyof DrizzleCacheOptions)[];

/** {@link DrizzleCacheOptions} with nothing left to decide. */
export interface ResolvedDrizzleCacheOptions extends ResolvedAdapterOptions {
  /** In milliseconds. */
  readonly repeatAfter: number;
}

/**
 * Completes the options, with `environment` where they say nothing.
 *
 * @param alone - Whether the cache was made before.
 * @throws {@link InvalidOptionError} naming the option, what was given and what is allowed.
 */
export function resolveDrizzleCacheOptions(
  given: DrizzleCacheOptions,
  environment: NodeJS.ProcessEnv,
  alone: boolean,
): ResolvedDrizzleCacheOptions {
  checkKeys('', given, alone ? POLICY : OPTIONS);
  const resolved = resolveAdapterOptions(given, alone ? withoutRedis(environment) : environment);
  if (resolved.shared !== undefined && given.database === undefined) {
    throw new InvalidOptionError(
      'database',
      undefined,
      'a name of the database, alike in every process: Drizzle does not tell its cache who that is',
    );
  }
  return { ...resolved, repeatAfter: toMilliseconds('repeatAfter', given.repeatAfter ?? 1, { zero: true }) };
}

function withoutRedis({ CACHETASTIC_REDIS_URL: _, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return others;
}
