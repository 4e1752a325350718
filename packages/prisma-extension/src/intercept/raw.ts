import { EVERYTHING } from '@cachetastic/core';
import { keyOfValues, policyOfRead } from '@cachetastic/core/adapter';
import { mayName, onlyReads, type ReturnedRow, type WriteAnalysis } from '@cachetastic/core/sql';
import type { RawSql } from '../analysis/analyzer.js';
import type { Interception, Parts } from './interception.js';
import { rawSqlOf } from './raw-sql.js';
import { pass, readCached } from './read.js';
import { runWrite } from './write.js';

/** Runs an operation that cannot be analysed, and invalidates everything. */
export function interceptUnknown(parts: Parts, interception: Interception, reason: string): unknown {
  const { call } = interception;
  const everything: WriteAnalysis = { changes: [EVERYTHING], widened: reason };
  return runWrite(parts, interception, call.args, [], () => everything);
}

/** Runs `$executeRaw` or `$executeRawUnsafe`, and invalidates what the SQL changes. */
export function interceptExecuteRaw(parts: Parts, interception: Interception): unknown {
  const sql = noteSql(parts, interception);
  return sql === undefined
    ? interceptUnknown(parts, interception, 'raw-not-readable')
    : writeRaw(parts, interception, sql);
}

/** Runs `$queryRaw`, `$queryRawUnsafe` and TypedSQL: from the cache if policy and SQL allow it; invalidates if the SQL may write. */
export function interceptQueryRaw(parts: Parts, interception: Interception): unknown {
  const sql = noteSql(parts, interception);
  if (sql === undefined) return interceptUnknown(parts, interception, 'raw-not-readable');
  const inTransaction = interception.context?.transaction?.kind === 'itx';
  if (inTransaction || !parts.catalogue.mayDecide(parts.analyzer.parse(sql.text)))
    return queryRaw(parts, interception, sql);
  return parts.lazyCache.open().then(() => queryRaw(parts, interception, sql));
}

/** The SQL of an operation, once its changes to the session are noted; `undefined` if it is passed in an unknown form. */
function noteSql({ analyzer, session, events, provider }: Parts, { call, context }: Interception): RawSql | undefined {
  const sql = rawSqlOf(call.args, provider);
  if (sql === undefined) return undefined;
  session.note(analyzer.parse(sql.text).session, sql.values, events);
  return { ...sql, inTransaction: context?.transaction !== undefined };
}

function queryRaw(parts: Parts, interception: Interception, sql: RawSql): unknown {
  const parsed = parts.analyzer.parse(sql.text);
  // A locking read is no write: it is passed on with its reason.
  if (!onlyReads(parsed)) return writeRaw(parts, interception, sql);
  if (!sql.inTransaction) parts.catalogue.heedCalls(parsed);
  return readRaw(parts, interception, sql);
}

function readRaw(parts: Parts, interception: Interception, sql: RawSql): unknown {
  const { call, downstream } = interception;
  const { cached } = downstream;
  const { all, policyOf } = parts.options;
  const policy = policyOfRead('model', policyOf(parts.analyzer.mainModel(sql.text)?.name), all, cached);
  if (typeof policy === 'string') return pass(parts, interception, call.args, policy);
  const models = cached?.declared;
  return readCached(parts, interception, {
    policy,
    args: call.args,
    keyArgs: {
      text: sql.text,
      values: keyOfValues(sql.values),
      // Declared models come from the caller that filled the entry, so they are part of the key.
      models: models === undefined ? null : [...models].sort(),
    },
    analysis: () => parts.analyzer.readRaw(sql, '$cached().models', models),
    mayName: (table) => mayName(parts.analyzer.parse(sql.text), table),
  });
}

function writeRaw(parts: Parts, interception: Interception, sql: RawSql): unknown {
  const { call, downstream } = interception;
  // An extension between this one and the database may have changed the rows.
  const rowsIn = downstream.hooks.length === 0 ? rowsOf : () => undefined;
  return parts.catalogue.around(parts.analyzer.parse(sql.text), endOf(parts, interception), () =>
    runWrite(parts, interception, call.args, [], (result) => parts.analyzer.writeRaw(sql, rowsIn(result))),
  );
}

/** The rows that a statement returned; `undefined` for a number of rows. */
function rowsOf(result: unknown): readonly ReturnedRow[] | undefined {
  const isRow = (row: unknown): row is ReturnedRow => typeof row === 'object' && row !== null;
  return Array.isArray(result) && result.every(isRow) ? result : undefined;
}

/** When the transaction ends that an operation runs in. */
function endOf({ transactions }: Parts, { context }: Interception): Promise<void> | undefined {
  return context?.transaction?.kind === 'itx' ? transactions.endOf(context.transaction.id) : undefined;
}
