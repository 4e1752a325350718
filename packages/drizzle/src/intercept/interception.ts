import type { CacheEvents } from '@cachetastic/core';
import type { CachedPolicy, DatabaseCatalogue, Explaining, LazyCache, SessionState } from '@cachetastic/core/adapter';
import { inTransaction, type ParsedSql, type ParsedSqlCache } from '@cachetastic/core/sql';
import type { Driver } from '../driver/driver.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import type { KnownTables } from '../schema/known-tables.js';
import type { DriverCall, Generation } from './generation.js';
import type { TransactionScope } from './transaction-scope.js';

/** The parts of one wrapped database. */
export interface Parts {
  readonly options: ResolvedOptions;
  readonly provider: 'postgresql' | 'mysql' | 'sqlite';
  readonly driver: Driver;
  readonly generation: Generation;
  readonly tables: KnownTables;
  readonly parsedSql: ParsedSqlCache;
  readonly lazyCache: LazyCache;
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
  /** The policy of `$cached`, if that made the calling database. */
  readonly cached: CachedPolicy | undefined;
  /** The tags of `$cached`, which a write invalidates. */
  readonly tags: readonly string[];
}

/** One query on its way to the driver. */
export interface Interception extends DriverCall {
  readonly context: Context;
  readonly sql: string;
  readonly parsed: ParsedSql;
}

/** `sql`, parsed, and judged as a statement of the transaction that it runs in. */
export function parsedOf({ parts, transaction }: Context, sql: string): ParsedSql {
  const parsed = parts.parsedSql.parse(sql);
  return transaction === undefined ? parsed : inTransaction(parsed);
}

/** The name of a query in events and statistics: `users.select`. */
export function nameOf({ parsed }: Pick<Interception, 'parsed'>): string {
  const [statement] = parsed.statements;
  if (statement === undefined) return 'sql';
  const { tokens, from, mutation, judged } = statement;
  const verb = tokens.find(({ kind }) => kind === 'word')?.text ?? 'sql';
  const target = judged.targets[0];
  if (target !== undefined) return `${mutation?.table ?? target.name}.${target.verb}`;
  const relation = from.relations.find(({ outermost }) => outermost) ?? from.relations[0];
  return relation === undefined ? verb : `${relation.name}.${verb === 'with' ? 'select' : verb}`;
}
