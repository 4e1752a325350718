import type { CacheEvents, KeepMapped } from '@cachetastic/core';
import type { CachedPolicy, DatabaseCatalogue, Explaining, Opening, SessionState } from '@cachetastic/core/adapter';
import { inTransaction, type SqlText, type SqlTexts } from '@cachetastic/core/sql';
import type { Driver, Expected } from '../driver/driver.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import type { KnownTables } from '../schema/known-tables.js';
import type { TransactionScope } from './transaction-scope.js';

/** What every interception works with: the parts of one wrapped database. */
export interface Parts {
  readonly options: ResolvedOptions;
  readonly provider: 'postgresql' | 'mysql' | 'sqlite';
  readonly driver: Driver;
  readonly tables: KnownTables;
  readonly texts: SqlTexts;
  readonly opening: Opening;
  readonly catalogue: DatabaseCatalogue;
  readonly session: SessionState;
  readonly events: CacheEvents;
  readonly explaining: Explaining;
}

/** Where a query comes from. */
export interface Context {
  readonly parts: Parts;
  /** The transaction that it runs in. */
  readonly transaction: TransactionScope | undefined;
  /** What `$cached` said, if the calling database was made by it. */
  readonly cached: CachedPolicy | undefined;
  /** The tags that `$cached` gave: those that a write invalidates. */
  readonly tags: readonly string[];
}

/** One query on its way to the driver. */
export interface Interception {
  readonly context: Context;
  readonly sql: string;
  readonly text: SqlText;
  /** As the driver gets them. */
  readonly params: readonly unknown[];
  /** What distinguishes results of the same SQL: their rows are lists or objects. */
  readonly form: string;
  /** What Drizzle expects from {@link run}. */
  readonly expected: Expected;
  /** A token of the caller's that the database judges the query by. */
  readonly token: unknown;
  /** Where Drizzle makes rows that callers see out of those of the driver, for as long as they are in memory. */
  readonly mapping: MappingCall | undefined;
  /** Goes to the driver. */
  readonly run: () => Promise<unknown>;
}

/** One time that Drizzle makes something of what the driver answered. */
export interface MappingCall {
  /** One object for all that make the same of the same rows. */
  readonly of: object;
  /** What was made of the same rows before. Then the driver's rows are none, and what is made of them is dropped. */
  made?: { readonly answer: unknown } | undefined;
  /** Keeps what is made of the rows. */
  keep?: KeepMapped | undefined;
}

/** `sql`, taken apart as what it is where it comes from. */
export function textOf({ parts, transaction }: Context, sql: string): SqlText {
  const text = parts.texts.read(sql);
  return transaction === undefined ? text : inTransaction(text);
}

/** What events and statistics call a query: `users.select`. */
export function nameOf({ text }: Pick<Interception, 'text'>): string {
  const [statement] = text.statements;
  if (statement === undefined) return 'sql';
  const { tokens, from, mutation, judged } = statement;
  const verb = tokens.find(({ kind }) => kind === 'word')?.text ?? 'sql';
  const target = judged.targets[0];
  if (target !== undefined) return `${mutation?.table ?? target.name}.${target.verb}`;
  const relation = from.relations.find(({ outermost }) => outermost) ?? from.relations[0];
  return relation === undefined ? verb : `${relation.name}.${verb === 'with' ? 'select' : verb}`;
}
