import { checkKeys } from '../check-keys.js';
import { toMilliseconds } from '../duration.js';
import { InvalidOptionError } from '../errors.js';
import { currentProcess, type ProcessBook } from '../process/process-book.js';
import { CLOSE_TIMEOUT, checkQueryCacheOptions } from '../query-cache/tiered-query-cache.js';
import { redis } from '../redis/index.js';
import type { RedisClient } from '../redis/redis-client.js';
import { type RedisTierOptions, resolveRedisSettings } from '../redis/redis-options.js';
import type { SharedStore } from '../tier/shared-store.js';
import type { AdapterOptions, ModelDefaults } from './adapter-options.js';
import { parseReadOptions, type ReadPolicy } from './read-policy.js';
import { parseScope } from './text-options.js';

/**
 * The options that every adapter has, as errors list them, before those of its own.
 *
 * `scope` and `onEvent` are not among them: they are listed behind.
 */
export const ADAPTER_OPTIONS: readonly Exclude<keyof AdapterOptions, 'scope' | 'onEvent'>[] = [
  'redis',
  'memory',
  'namespace',
  'database',
  'mode',
  'ttl',
  'swr',
  'grace',
  'maxStaleness',
  'consistency',
  'intents',
  'onUnconfirmed',
  'maxStale',
  'observe',
  'closeTimeout',
];

const MODEL_OPTIONS: readonly (keyof ModelDefaults)[] = ['ttl', 'swr', 'grace', 'consistency', 'tags'];

const DEFAULTS: ReadPolicy = {
  lifetime: { ttl: 60_000, swr: 0, grace: 0 },
  tags: [],
  scope: undefined,
  consistency: 'bounded',
};

/** {@link AdapterOptions} with nothing left to decide. */
export interface ResolvedAdapterOptions {
  /** The operator's switch: reads go to the database; writes still invalidate, for the processes that do cache. */
  readonly disabled: boolean;
  readonly all: boolean;
  readonly shared: SharedStore | undefined;
  /** The caches of the process that the options were given in: the cache itself is made later. */
  readonly process: ProcessBook;
  readonly given: Pick<
    AdapterOptions,
    | 'memory'
    | 'namespace'
    | 'database'
    | 'maxStaleness'
    | 'intents'
    | 'onUnconfirmed'
    | 'maxStale'
    | 'observe'
    | 'closeTimeout'
    | 'onEvent'
  >;
  /** How reads are cached of which nothing else is said. */
  readonly base: ReadPolicy;
  readonly scopeOf: () => string | undefined;
  readonly hasScope: boolean;
  /** In milliseconds. */
  readonly closeTimeout: number;
}

/**
 * Completes the options that every adapter has, with `environment` where they say nothing. Others are ignored.
 *
 * @throws {@link InvalidOptionError} naming the option, what was given and what is allowed.
 */
export function resolveAdapterOptions(given: AdapterOptions, environment: NodeJS.ProcessEnv): ResolvedAdapterOptions {
  const { database, mode = 'explicit', scope, onEvent, memory } = given;
  const { maxStaleness, intents, onUnconfirmed, maxStale, observe } = given;
  if (mode !== 'explicit' && mode !== 'all') throw new InvalidOptionError('mode', mode, "'explicit' or 'all'");
  if (database !== undefined && (typeof database !== 'string' || database === '')) {
    throw new InvalidOptionError('database', database, 'a text that names the database');
  }
  if (onEvent !== undefined && typeof onEvent !== 'function') {
    throw new InvalidOptionError('onEvent', onEvent, 'a function');
  }
  const namespace = given.namespace ?? present(environment['CACHETASTIC_NAMESPACE']);
  checkQueryCacheOptions({ namespace, memory, maxStaleness, intents, onUnconfirmed, maxStale, observe });
  return {
    disabled: isSet(environment['CACHETASTIC_DISABLED']),
    all: mode === 'all',
    process: currentProcess(),
    shared: sharedTier(given.redis, present(environment['CACHETASTIC_REDIS_URL'])),
    given: {
      memory,
      namespace,
      database,
      maxStaleness,
      intents,
      onUnconfirmed,
      maxStale,
      observe,
      onEvent,
      closeTimeout: given.closeTimeout,
    },
    base: basePolicy(given, environment),
    scopeOf: scopes(scope),
    hasScope: scope !== undefined,
    closeTimeout: toMilliseconds('closeTimeout', given.closeTimeout ?? CLOSE_TIMEOUT),
  };
}

/** Whether writes are announced before they are sent. */
export function announces({ given: { intents } }: Pick<ResolvedAdapterOptions, 'given'>): boolean {
  return intents !== undefined && intents !== false;
}

/** Whether a write must not be sent that could not be announced. */
export function mustAnnounce(options: Pick<ResolvedAdapterOptions, 'given'>): boolean {
  const { intents } = options.given;
  return announces(options) && !(typeof intents === 'object' && intents.onUnavailable === 'proceed');
}

/**
 * Reads options by model: how each is cached, where they say so, else `base`.
 *
 * @param option - What the option is called.
 * @param own - The options that a model has besides {@link ModelDefaults}.
 * @param check - Checks the options of one model that are not about reads.
 * @returns How reads of a model are cached; of what belongs to no model for `undefined`. `false`: never.
 * @throws {@link InvalidOptionError} naming the option.
 */
export function policiesByModel(
  option: string,
  given: unknown,
  base: ReadPolicy,
  own: readonly string[],
  check: (path: string, options: Readonly<Record<string, unknown>>) => void,
): (model: string | undefined) => ReadPolicy | false {
  const byModel = new Map<string, ReadPolicy | false>();
  const models = given ?? {};
  if (typeof models !== 'object' || Array.isArray(models) || given === null) {
    throw new InvalidOptionError(option, given, `an object with options by ${option.replace(/s$/, '')}`);
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

function basePolicy(given: AdapterOptions, environment: NodeJS.ProcessEnv): ReadPolicy {
  const fromEnvironment = present(environment['CACHETASTIC_TTL']);
  const ttl = given.ttl ?? (fromEnvironment === undefined ? undefined : toDuration(fromEnvironment));
  return parseReadOptions('', { ttl, swr: given.swr, grace: given.grace, consistency: given.consistency }, DEFAULTS);
}

function scopes(given: AdapterOptions['scope']): () => string | undefined {
  if (typeof given === 'function') return () => parseScope('scope()', given());
  const scope = parseScope('scope', given);
  return () => scope;
}

/** An empty URL is a variable of the environment that the operator left empty: it counts as not set. */
function sharedTier(given: AdapterOptions['redis'], fallback: string | undefined): SharedStore | undefined {
  if (given === undefined || given === '') return fallback === undefined ? undefined : redis({ url: fallback });
  if (typeof given === 'string') return redis({ url: given });
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new InvalidOptionError(
      'redis',
      given,
      'a URL, a client of ioredis 5 or 6, or an object with `url` or `client`',
    );
  }
  if (isClient(given)) return redis({ client: given });
  if (given.url !== '' || given.client !== undefined) return redis(given);
  resolveRedisSettings(given);
  return fallback === undefined ? undefined : redis({ ...given, url: fallback });
}

/** Clients of every library emit events; options do not. */
function isClient(given: RedisClient | RedisTierOptions): given is RedisClient {
  return 'on' in given;
}

function toDuration(text: string): string | number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Operators unset a variable by leaving it empty. */
function present(variable: string | undefined): string | undefined {
  return variable === '' ? undefined : variable;
}

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && !['', '0', 'false'].includes(variable);
}
