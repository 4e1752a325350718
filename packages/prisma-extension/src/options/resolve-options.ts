import { checkKeys, checkQueryCacheOptions, InvalidOptionError, type SharedTier } from '@cachetastic/core';
import { type RedisClient, type RedisTierOptions, redis } from '@cachetastic/core/redis';
import type { CachetasticOptions, ModelOptions } from './options.js';
import { parseReadOptions, type ReadPolicy } from './read-policy.js';
import { parseNames, parseScope } from './text-options.js';

const OPTIONS = [
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
  'models',
  'scope',
  'trustExtensions',
  'onEvent',
] as const satisfies readonly (keyof CachetasticOptions)[];

const MODEL_OPTIONS = [
  'ttl',
  'swr',
  'grace',
  'consistency',
  'tags',
  'dependsOn',
  'triggers',
] as const satisfies readonly (keyof ModelOptions)[];

const DEFAULTS: ReadPolicy = {
  lifetime: { ttl: 60_000, swr: 0, grace: 0 },
  tags: [],
  scope: undefined,
  consistency: 'bounded',
};

/** {@link CachetasticOptions} with nothing left to decide. */
export interface ResolvedOptions {
  /** The operator's switch: reads go to the database; writes still invalidate, for the processes that do cache. */
  readonly disabled: boolean;
  readonly all: boolean;
  readonly shared: SharedTier | undefined;
  readonly given: Pick<
    CachetasticOptions,
    | 'memory'
    | 'namespace'
    | 'database'
    | 'maxStaleness'
    | 'intents'
    | 'onUnconfirmed'
    | 'maxStale'
    | 'observe'
    | 'models'
    | 'onEvent'
  >;
  /** How reads of `model` are cached; of raw SQL for `undefined`. `false`: never. */
  readonly policyOf: (model: string | undefined) => ReadPolicy | false;
  readonly scopeOf: () => string | undefined;
  readonly hasScope: boolean;
  readonly trusts: (extension: string) => boolean;
}

/**
 * Completes the options, with `environment` where they say nothing.
 *
 * @throws {@link InvalidOptionError} naming the option, what was given and what is allowed.
 */
export function resolveOptions(given: CachetasticOptions, environment: NodeJS.ProcessEnv): ResolvedOptions {
  checkKeys('', given, OPTIONS);
  const { database, mode = 'explicit', scope, onEvent, memory, models } = given;
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
    shared: sharedTier(given.redis === undefined ? present(environment['CACHETASTIC_REDIS_URL']) : given.redis),
    given: { memory, namespace, database, maxStaleness, intents, onUnconfirmed, maxStale, observe, models, onEvent },
    policyOf: policies(given, environment),
    scopeOf: scopes(scope),
    hasScope: scope !== undefined,
    trusts: trust(given.trustExtensions),
  };
}

/** Whether writes are announced before they are sent. */
export function announces({ given: { intents } }: ResolvedOptions): boolean {
  return intents !== undefined && intents !== false;
}

function policies(given: CachetasticOptions, environment: NodeJS.ProcessEnv): ResolvedOptions['policyOf'] {
  const fromEnvironment = present(environment['CACHETASTIC_TTL']);
  const ttl = given.ttl ?? (fromEnvironment === undefined ? undefined : toDuration(fromEnvironment));
  const base = parseReadOptions(
    '',
    { ttl, swr: given.swr, grace: given.grace, consistency: given.consistency },
    DEFAULTS,
  );
  const byModel = new Map<string, ReadPolicy | false>();
  const { models = {} } = given;
  if (typeof models !== 'object' || models === null || Array.isArray(models)) {
    throw new InvalidOptionError('models', models, 'an object with options by model');
  }
  for (const [model, options] of Object.entries(models)) {
    if (options === false) {
      byModel.set(model, false);
      continue;
    }
    const option = `models.${model}`;
    checkKeys(option, options, MODEL_OPTIONS);
    parseNames(`${option}.dependsOn`, options.dependsOn, 'model names');
    parseNames(`${option}.triggers`, options.triggers, 'model names');
    byModel.set(model, parseReadOptions(option, options, base));
  }
  return (model) => (model === undefined ? base : (byModel.get(model) ?? base));
}

function scopes(given: CachetasticOptions['scope']): () => string | undefined {
  if (typeof given === 'function') return () => parseScope('scope()', given());
  const scope = parseScope('scope', given);
  return () => scope;
}

function trust(given: CachetasticOptions['trustExtensions']): (extension: string) => boolean {
  if (given === true) return () => true;
  const names = new Set(parseNames('trustExtensions', given, 'names of extensions (or true)'));
  return (extension) => names.has(extension);
}

function sharedTier(given: CachetasticOptions['redis']): SharedTier | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'string') return redis({ url: given });
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new InvalidOptionError(
      'redis',
      given,
      'a URL, a client of ioredis 5 or 6, or an object with `url` or `client`',
    );
  }
  return redis(isClient(given) ? { client: given } : given);
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
