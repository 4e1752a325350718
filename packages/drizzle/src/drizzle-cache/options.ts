import { checkKeys, type Duration, InvalidOptionError } from '@cachetastic/core';
import {
  ADAPTER_OPTIONS,
  type AdapterOptions,
  type AdapterValues,
  adapterOptions,
  durationRow,
  type OptionTable,
  type ResolvedAdapterOptions,
  resolveTable,
} from '@cachetastic/core/adapter';

/** Options of {@link drizzleCache} for an existing cache. */
export interface DrizzleCachePolicy extends Pick<AdapterOptions, 'mode' | 'ttl' | 'scope'> {
  /**
   * How long after a write its invalidation is repeated, because Drizzle reports writes before the commit. If the
   * transaction took no longer than this, a result from before the commit is gone after one to two such times. `0`: it is
   * not repeated.
   *
   * @defaultValue `1` (second)
   */
  readonly repeatAfter?: Duration | undefined;
}

/** Options of {@link drizzleCache}. */
export interface DrizzleCacheOptions
  extends DrizzleCachePolicy,
    Pick<AdapterOptions, 'redis' | 'memory' | 'namespace' | 'maxStaleness' | 'onUnconfirmed' | 'maxStale' | 'onEvent'> {
  /**
   * The name of the database. Processes with the same name share results, so they must use the same driver. Required with
   * `redis`, because Drizzle does not pass the database to its cache.
   *
   * @defaultValue `'drizzle'`
   */
  readonly database?: string | undefined;
}

/** What is resolved: the options of every adapter, also those that users cannot give here, and one of its own. */
interface Values extends AdapterValues {
  readonly repeatAfter: number;
}

const TABLE: OptionTable<Values> = { ...ADAPTER_OPTIONS, repeatAfter: durationRow(1, { zero: true }) };

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

/** {@link DrizzleCacheOptions}, complete. */
export interface ResolvedDrizzleCacheOptions extends ResolvedAdapterOptions {
  /** In milliseconds. */
  readonly repeatAfter: number;
}

/**
 * Completes the options, from `environment` where they are absent.
 *
 * @param isPolicy - Whether they are for an existing cache.
 * @throws {@link InvalidOptionError} naming the option, its value and what is allowed.
 */
export function resolveDrizzleCacheOptions(
  input: DrizzleCacheOptions,
  environment: NodeJS.ProcessEnv,
  isPolicy: boolean,
): ResolvedDrizzleCacheOptions {
  checkKeys('', input, isPolicy ? POLICY : OPTIONS);
  const values = resolveTable(TABLE, input, isPolicy ? withoutRedis(environment) : environment);
  if (values.redis !== undefined && values.database === undefined) {
    throw new InvalidOptionError(
      'database',
      undefined,
      'a database name, the same in every process (Drizzle does not pass it to its cache)',
    );
  }
  return { ...adapterOptions(values, environment), repeatAfter: values.repeatAfter };
}

function withoutRedis({ CACHETASTIC_REDIS_URL: _, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return others;
}
