import { checkKeys, InvalidOptionError } from '@cachetastic/core';
import {
  ADAPTER_OPTIONS,
  type ModelDefaults,
  parseNames,
  policiesByModel,
  type ReadPolicy,
  type ResolvedAdapterOptions,
  resolveAdapterOptions,
} from '@cachetastic/core/adapter';
import type { Model } from '@cachetastic/core/sql';
import type { CachetasticOptions, TableOptions } from './options.js';

const OPTIONS: readonly (keyof CachetasticOptions)[] = [
  ...ADAPTER_OPTIONS,
  'schema',
  'tables',
  'views',
  'functions',
  'scope',
  'onEvent',
];

const TABLE_OPTIONS: readonly Exclude<keyof TableOptions, keyof ModelDefaults>[] = ['triggers'];

/** {@link CachetasticOptions} with nothing left to decide. */
export interface ResolvedOptions extends ResolvedAdapterOptions {
  readonly schema: CachetasticOptions['schema'];
  readonly tables: NonNullable<CachetasticOptions['tables']>;
  readonly views: NonNullable<CachetasticOptions['views']>;
  readonly functions: readonly string[];
  /** How reads of `table` are cached; of what reads none for `undefined`. `false`: never. */
  readonly policyOf: (table: Model | undefined) => ReadPolicy | false;
}

/**
 * Completes the options, with `environment` where they say nothing.
 *
 * @throws {@link InvalidOptionError} naming the option, what was given and what is allowed.
 */
export function resolveOptions(given: CachetasticOptions, environment: NodeJS.ProcessEnv): ResolvedOptions {
  checkKeys('', given, OPTIONS);
  const adapter = resolveAdapterOptions(given, environment);
  const { schema, tables = {}, views = {} } = given;
  if (schema !== undefined && (typeof schema !== 'object' || schema === null)) {
    throw new InvalidOptionError('schema', schema, 'an object that holds the tables');
  }
  const policyOf = policiesByModel('tables', tables, adapter.base, TABLE_OPTIONS, (path, { triggers }) => {
    parseNames(`${path}.triggers`, triggers, 'table names');
  });
  if (typeof views !== 'object' || views === null || Array.isArray(views)) {
    throw new InvalidOptionError('views', views, 'an object with the tables that each view reads');
  }
  for (const [view, reads] of Object.entries(views)) parseNames(`views.${view}`, reads, 'table names');
  return {
    ...adapter,
    schema,
    tables,
    views,
    functions: parseNames('functions', given.functions, 'names of functions'),
    policyOf: (table) => policyOf(table && (Object.hasOwn(tables, table.name) ? table.name : table.table)),
  };
}
