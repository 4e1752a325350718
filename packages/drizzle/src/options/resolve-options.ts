import { checkKeys, InvalidOptionError } from '@cachetastic/core';
import {
  ADAPTER_OPTIONS,
  type AdapterValues,
  adapterOptions,
  type ModelDefaults,
  type OptionTable,
  parseNames,
  policiesByModel,
  type ReadPolicy,
  type ResolvedAdapterOptions,
  resolveTable,
} from '@cachetastic/core/adapter';
import type { Model } from '@cachetastic/core/sql';
import type { CachetasticOptions, TableOptions } from './options.js';

/** {@link CachetasticOptions}, complete, each under its name. */
interface Values extends AdapterValues, Record<Exclude<keyof CachetasticOptions, keyof AdapterValues>, unknown> {
  readonly schema: CachetasticOptions['schema'];
  /** Checked when the policies are made. */
  readonly tables: NonNullable<CachetasticOptions['tables']>;
  readonly views: NonNullable<CachetasticOptions['views']>;
  readonly functions: readonly string[];
}

/** To add an option: its documented property of {@link CachetasticOptions}, and its row here. */
export const OPTIONS: OptionTable<Values> = {
  ...ADAPTER_OPTIONS,
  schema: { parse: parseSchema },
  tables: { default: {}, parse: (_, input) => input as Values['tables'] },
  views: { default: {}, parse: parseViews },
  functions: { default: [], parse: (option, input) => parseNames(option, input, 'names of functions') },
};

const TABLE_OPTIONS: readonly Exclude<keyof TableOptions, keyof ModelDefaults>[] = ['triggers'];

/** The options, as the code of the adapter uses them. */
export interface ResolvedOptions
  extends ResolvedAdapterOptions,
    Pick<Values, 'schema' | 'tables' | 'views' | 'functions'> {
  /** The policy of reads of `table`; for `undefined`, of reads without a table. `false`: never cached. */
  readonly policyOf: (table: Model | undefined) => ReadPolicy | false;
}

/**
 * Completes the options, from `environment` where they are absent.
 *
 * @throws {@link InvalidOptionError} naming the option, its value and what is allowed.
 */
export function resolveOptions(input: CachetasticOptions, environment: NodeJS.ProcessEnv): ResolvedOptions {
  checkKeys('', input, Object.keys(OPTIONS));
  const values = resolveTable(OPTIONS, input, environment);
  const { schema, tables, views, functions } = values;
  const adapter = adapterOptions(values, environment);
  const policyOf = policiesByModel('table', tables, adapter.base, TABLE_OPTIONS, (path, { triggers }) => {
    parseNames(`${path}.triggers`, triggers, 'table names');
  });
  return {
    ...adapter,
    ...{ schema, tables, views, functions },
    policyOf: (table) => policyOf(table && (Object.hasOwn(tables, table.name) ? table.name : table.table)),
  };
}

function parseSchema(option: string, input: unknown): Values['schema'] {
  if (input === undefined || (typeof input === 'object' && input !== null)) return input as Values['schema'];
  throw new InvalidOptionError(option, input, 'an object that holds the tables');
}

function parseViews(option: string, input: unknown): Values['views'] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new InvalidOptionError(option, input, 'an object with the tables that each view reads');
  }
  for (const [view, reads] of Object.entries(input)) parseNames(`${option}.${view}`, reads, 'table names');
  return input as Values['views'];
}
