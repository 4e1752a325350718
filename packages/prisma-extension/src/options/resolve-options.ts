import { checkKeys, checkQueryCacheOptions } from '@cachetastic/core';
import {
  ADAPTER_OPTIONS,
  announces,
  type ModelDefaults,
  parseNames,
  policiesByModel,
  type ReadPolicy,
  type ResolvedAdapterOptions,
  resolveAdapterOptions,
} from '@cachetastic/core/adapter';
import type { CachetasticOptions, ModelOptions } from './options.js';

export { announces };

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
  /** How reads of `model` are cached; of raw SQL for `undefined`. `false`: never. */
  readonly policyOf: (model: string | undefined) => ReadPolicy | false;
  readonly trusts: (extension: string) => boolean;
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

function trust(given: CachetasticOptions['trustExtensions']): (extension: string) => boolean {
  if (given === true) return () => true;
  const names = new Set(parseNames('trustExtensions', given, 'names of extensions (or true)'));
  return (extension) => names.has(extension);
}
