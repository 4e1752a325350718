import { checkKeys, InvalidOptionError } from '@cachetastic/core';
import {
  ADAPTER_OPTIONS,
  type AdapterValues,
  adapterOptions,
  CACHE_SETTINGS,
  type ModelDefaults,
  type OptionTable,
  parseNames,
  policiesByModel,
  type ReadPolicy,
  type ResolvedAdapterOptions,
  resolveTable,
} from '@cachetastic/core/adapter';
import type { Trust } from '../extensions/extension-order.js';
import type { CachetasticOptions, ModelOptions } from './options.js';

/** {@link CachetasticOptions}, complete, each under its name. */
interface Values extends AdapterValues, Record<Exclude<keyof CachetasticOptions, keyof AdapterValues>, unknown> {
  readonly replicaLag: number;
  /** Checked when the policies are made. */
  readonly models: NonNullable<CachetasticOptions['models']>;
  readonly functions: readonly string[];
  readonly trustExtensions: Trust;
}

/** To add an option: its documented property of {@link CachetasticOptions}, and its row here. */
export const OPTIONS: OptionTable<Values> = {
  ...ADAPTER_OPTIONS,
  replicaLag: CACHE_SETTINGS.replicaLag,
  models: { default: {}, parse: (_, input) => input as Values['models'] },
  functions: { default: [], parse: (option, input) => parseNames(option, input, 'names of functions') },
  trustExtensions: { default: [], parse: parseTrust },
};

const MODEL_OPTIONS: readonly Exclude<keyof ModelOptions, keyof ModelDefaults>[] = ['dependsOn', 'triggers'];

/** The options, as the code of the extension uses them. */
export interface ResolvedOptions extends ResolvedAdapterOptions, Pick<Values, 'models' | 'functions'> {
  /** The policy of reads of `model`; for `undefined`, of raw SQL that reads no model. `false`: never cached. */
  readonly policyOf: (model: string | undefined) => ReadPolicy | false;
  readonly trusts: Trust;
}

/**
 * Completes the options, from `environment` where they are absent.
 *
 * @throws {@link InvalidOptionError} naming the option, its value and what is allowed.
 */
export function resolveOptions(input: CachetasticOptions, environment: NodeJS.ProcessEnv): ResolvedOptions {
  checkKeys('', input, Object.keys(OPTIONS));
  const values = resolveTable(OPTIONS, input, environment);
  const { models, functions, trustExtensions } = values;
  const adapter = adapterOptions(values, environment);
  return {
    ...adapter,
    models,
    functions,
    policyOf: policiesByModel('model', models, adapter.base, MODEL_OPTIONS, (path, { dependsOn, triggers }) => {
      parseNames(`${path}.dependsOn`, dependsOn, 'model names');
      parseNames(`${path}.triggers`, triggers, 'model names');
    }),
    trusts: trustExtensions,
  };
}

function parseTrust(option: string, input: unknown): Trust {
  // By reference: nothing promises that all extensions of a name do the same.
  if (input === true) return () => 'by-reference';
  const isExtension = (one: unknown): boolean =>
    typeof one === 'string' ? one !== '' : typeof one === 'function' || (typeof one === 'object' && one !== null);
  if (!Array.isArray(input) || !input.every(isExtension)) {
    throw new InvalidOptionError(
      option,
      input,
      'an array of non-empty names of extensions, or of extensions (or true)',
    );
  }
  const trusted = new Set<unknown>(input);
  return (name, origins = []) => trusted.has(name) || (origins.some((origin) => trusted.has(origin)) && 'by-reference');
}
