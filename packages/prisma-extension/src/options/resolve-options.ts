import { checkKeys, checkQueryCacheOptions, InvalidOptionError } from '@cachetastic/core';
import {
  ADAPTER_OPTIONS,
  type ModelDefaults,
  parseNames,
  policiesByModel,
  type ReadPolicy,
  type ResolvedAdapterOptions,
  resolveAdapterOptions,
} from '@cachetastic/core/adapter';
import type { Trust } from '../extensions/extension-order.js';
import type { CachetasticOptions, ModelOptions } from './options.js';

const OPTIONS: readonly (keyof CachetasticOptions)[] = [
  ...ADAPTER_OPTIONS,
  'replicaLag',
  'models',
  'functions',
  'scope',
  'trustExtensions',
  'onEvent',
];

const MODEL_OPTIONS: readonly Exclude<keyof ModelOptions, keyof ModelDefaults>[] = ['dependsOn', 'triggers'];

/** {@link CachetasticOptions} with nothing left to decide. */
export interface ResolvedOptions extends ResolvedAdapterOptions {
  readonly models: CachetasticOptions['models'];
  readonly functions: readonly string[];
  readonly given: ResolvedAdapterOptions['given'] & Pick<CachetasticOptions, 'replicaLag'>;
  /** How reads of `model` are cached; for `undefined`, of raw SQL that reads no model. `false`: never. */
  readonly policyOf: (model: string | undefined) => ReadPolicy | false;
  readonly trusts: Trust;
}

/**
 * Completes the options, with `environment` where they say nothing.
 *
 * @throws {@link InvalidOptionError} naming the option, what was given and what is allowed.
 */
export function resolveOptions(given: CachetasticOptions, environment: NodeJS.ProcessEnv): ResolvedOptions {
  checkKeys('', given, OPTIONS);
  const adapter = resolveAdapterOptions(given, environment);
  const { models, replicaLag } = given;
  checkQueryCacheOptions({ replicaLag });
  return {
    ...adapter,
    models,
    functions: parseNames('functions', given.functions, 'names of functions'),
    given: { ...adapter.given, replicaLag },
    policyOf: policiesByModel('models', models, adapter.base, MODEL_OPTIONS, (path, { dependsOn, triggers }) => {
      parseNames(`${path}.dependsOn`, dependsOn, 'model names');
      parseNames(`${path}.triggers`, triggers, 'model names');
    }),
    trusts: trust(given.trustExtensions),
  };
}

function trust(given: CachetasticOptions['trustExtensions']): Trust {
  // Nothing says that all extensions of a name are alike.
  if (given === true) return () => 'by-reference';
  const trusted = new Set<unknown>(parseExtensions(given));
  return (name, origins = []) => trusted.has(name) || (origins.some((origin) => trusted.has(origin)) && 'by-reference');
}

function parseExtensions(given: unknown): readonly unknown[] {
  if (given === undefined) return [];
  const isExtension = (one: unknown): boolean =>
    typeof one === 'string' ? one !== '' : typeof one === 'function' || (typeof one === 'object' && one !== null);
  if (Array.isArray(given) && given.every(isExtension)) return given;
  throw new InvalidOptionError('trustExtensions', given, 'a list of names of extensions, or of extensions (or true)');
}
