import { checkKeys } from '../check-keys.js';
import { InvalidOptionError } from '../errors.js';
import { choiceRow, durationRow, type OptionTable } from '../option-table.js';
import { currentProcess, type ProcessBook } from '../process/process-book.js';
import { CACHE_SETTINGS, type ResolvedCacheSettings } from '../query-cache/cache-settings.js';
import type { Consistency } from '../read/query.js';
import { redis } from '../redis/index.js';
import type { RedisClient } from '../redis/redis-client.js';
import { type RedisTierOptions, resolveRedisSettings } from '../redis/redis-options.js';
import type { CacheListener } from '../telemetry/events.js';
import type { SharedStore } from '../tier/shared-store.js';
import type { AdapterOptions, ModelDefaults } from './adapter-options.js';
import { parseReadOptions, type ReadPolicy } from './cache-argument.js';
import { parseScope } from './names-and-scope.js';

/** {@link AdapterOptions}, complete, each under its name. Durations are in milliseconds. */
export interface AdapterValues
  extends Omit<ResolvedCacheSettings, 'replicaLag'>,
    Record<Exclude<keyof AdapterOptions, keyof ResolvedCacheSettings>, unknown> {
  readonly redis: SharedStore | undefined;
  readonly database: string | undefined;
  readonly mode: 'explicit' | 'all';
  readonly ttl: number;
  readonly swr: number;
  readonly grace: number;
  readonly consistency: Consistency;
  /** `undefined`: the option was not given. */
  readonly scope: (() => string | undefined) | undefined;
  readonly onEvent: CacheListener | undefined;
}

const { replicaLag: _, ...SETTINGS } = CACHE_SETTINGS;

/** The options that every adapter has. To add one: its documented property of {@link AdapterOptions}, and its row here. */
export const ADAPTER_OPTIONS: OptionTable<AdapterValues> = {
  redis: { variable: 'CACHETASTIC_REDIS_URL', parse: (_, input, variable) => redisStore(input, variable) },
  database: { parse: parseDatabase },
  mode: choiceRow('explicit', 'all'),
  ttl: {
    ...durationRow(60),
    variable: 'CACHETASTIC_TTL',
    read: (value) => (/^\d+(\.\d+)?$/.test(value) ? Number(value) : value),
  },
  swr: durationRow(0, { zero: true }),
  grace: durationRow(0, { zero: true }),
  consistency: choiceRow('bounded', 'strong'),
  ...SETTINGS,
  scope: { parse: parseScopeOption },
  onEvent: { parse: parseListener },
};

const MODEL_OPTIONS: readonly (keyof ModelDefaults)[] = ['ttl', 'swr', 'grace', 'consistency', 'tags'];

/** The options that every adapter has, as the code of the adapters uses them. */
export interface ResolvedAdapterOptions extends Pick<AdapterValues, 'database' | 'onEvent'> {
  /** By `CACHETASTIC_DISABLED`: reads go to the database; writes still invalidate, for the processes that cache. */
  readonly disabled: boolean;
  readonly all: boolean;
  readonly shared: SharedStore | undefined;
  /** The process in which the options were given: the cache itself is made later. */
  readonly process: ProcessBook;
  /** What the cache is made with. */
  readonly settings: ResolvedCacheSettings;
  /** The policy of reads, unless something else is given for them. */
  readonly base: ReadPolicy;
  readonly scopeOf: () => string | undefined;
  readonly hasScope: boolean;
}

/** Arranges `values` for the code of an adapter. */
export function adapterOptions(
  values: AdapterValues & Partial<ResolvedCacheSettings>,
  environment: NodeJS.ProcessEnv,
): ResolvedAdapterOptions {
  const { redis, database, mode, ttl, swr, grace, consistency, scope, onEvent } = values;
  return {
    disabled: !['', '0', 'false'].includes(environment['CACHETASTIC_DISABLED'] ?? ''),
    all: mode === 'all',
    process: currentProcess(),
    shared: redis,
    database,
    onEvent,
    settings: { replicaLag: 0, ...values },
    base: { lifetime: { ttl, swr, grace }, tags: [], scope: undefined, consistency },
    scopeOf: scope ?? (() => undefined),
    hasScope: scope !== undefined,
  };
}

/**
 * Parses options by model. What they leave out comes from `base`.
 *
 * @param one - What the options are keyed by, in the singular; the option is called by its plural.
 * @param own - The options that a model has in addition to {@link ModelDefaults}.
 * @param check - Checks the options of one model that are not about reads.
 * @returns The policy of reads of a model; for `undefined`, of reads without a model. `false`: never cached.
 * @throws {@link InvalidOptionError} naming the option.
 */
export function policiesByModel(
  one: string,
  models: unknown,
  base: ReadPolicy,
  own: readonly string[],
  check: (path: string, options: Readonly<Record<string, unknown>>) => void,
): (model: string | undefined) => ReadPolicy | false {
  const byModel = new Map<string, ReadPolicy | false>();
  const option = `${one}s`;
  if (typeof models !== 'object' || models === null || Array.isArray(models)) {
    throw new InvalidOptionError(option, models, `an object with options by ${one}`);
  }
  for (const [model, options] of Object.entries(models)) {
    if (options === false) {
      byModel.set(model, false);
      continue;
    }
    const path = `${option}.${model}`;
    checkKeys(path, options, [...MODEL_OPTIONS, ...own]);
    check(path, options as Readonly<Record<string, unknown>>);
    byModel.set(model, parseReadOptions(path, options, base));
  }
  return (model) => (model === undefined ? base : (byModel.get(model) ?? base));
}

function parseDatabase(option: string, input: unknown): string | undefined {
  if (input === undefined || (typeof input === 'string' && input !== '')) return input;
  throw new InvalidOptionError(option, input, 'a non-empty string');
}

function parseListener(option: string, input: unknown): CacheListener | undefined {
  if (input === undefined || typeof input === 'function') return input as CacheListener | undefined;
  throw new InvalidOptionError(option, input, 'a function');
}

function parseScopeOption(option: string, input: unknown): AdapterValues['scope'] {
  if (typeof input === 'function') return () => parseScope(`${option}()`, input());
  const scope = parseScope(option, input);
  return scope === undefined ? undefined : () => scope;
}

/** An empty URL is a variable of the environment that the operator left empty: it counts as not set. */
function redisStore(input: unknown, fallback: string | undefined): SharedStore | undefined {
  const source = input as AdapterOptions['redis'];
  if (source === undefined || source === '') return fallback === undefined ? undefined : redis({ url: fallback });
  if (typeof source === 'string') return redis({ url: source });
  if (typeof source !== 'object' || source === null || Array.isArray(source)) {
    throw new InvalidOptionError(
      'redis',
      source,
      'a URL, a client of ioredis 5 or 6, or an object with `url` or `client`',
    );
  }
  if (isClient(source)) return redis({ client: source });
  if (source.url !== '' || source.client !== undefined) return redis(source);
  resolveRedisSettings(source);
  return fallback === undefined ? undefined : redis({ ...source, url: fallback });
}

/** Clients of every library emit events; options do not. */
function isClient(source: RedisClient | RedisTierOptions): source is RedisClient {
  return 'on' in source;
}
