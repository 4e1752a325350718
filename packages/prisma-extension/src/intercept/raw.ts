import { EVERYTHING } from '@cachetastic/core';
import { keyOfValues } from '@cachetastic/core/adapter';
import { mayName, type WriteAnalysis } from '@cachetastic/core/sql';
import type { Interception, Parts } from './interception.js';
import { type RawSql, rawSqlOf } from './raw-sql.js';
import { bypass, pass, readCached } from './read.js';
import { runWrite } from './write.js';

/** Runs a statement that changes something, or an operation that we do not know. */
export function interceptUnread(parts: Parts, interception: Interception, reason: string): unknown {
  const { call } = interception;
  const everything: WriteAnalysis = { changes: [EVERYTHING], widened: reason };
  return runWrite(parts, interception, call.args, [], () => everything);
}

/** Runs `$executeRaw` or `$executeRawUnsafe`, and invalidates what the SQL touches. */
export function interceptExecuteRaw(parts: Parts, interception: Interception): unknown {
  const { call } = interception;
  const sql = rawSqlOf(call.args, parts.provider);
  if (sql === undefined) return interceptUnread(parts, interception, 'raw-not-readable');
  const text = parts.analyzer.text(sql.text);
  parts.session.note(text.session, sql.values, parts.events);
  return parts.catalogue.around(text, endOf(parts, interception), () =>
    runWrite(parts, interception, call.args, [], () => parts.analyzer.raw(sql.text).write),
  );
}

/** When the transaction ends that an operation runs in. */
function endOf({ transactions }: Parts, { context }: Interception): Promise<void> | undefined {
  return context?.transaction?.kind === 'itx' ? transactions.endOf(context.transaction.id) : undefined;
}

/** Answers SQL from the cache if `$cached` named the models that it reads; invalidates if it may write. */
export function interceptQueryRaw(parts: Parts, interception: Interception): unknown {
  const sql = rawSqlOf(interception.call.args, parts.provider);
  if (sql === undefined) return interceptUnread(parts, interception, 'raw-not-readable');
  const inTransaction = interception.context?.transaction?.kind === 'itx';
  if (inTransaction || !parts.catalogue.mayDecide(parts.analyzer.text(sql.text)))
    return queryRaw(parts, interception, sql);
  return parts.opening.open().then(() => queryRaw(parts, interception, sql));
}

function queryRaw(parts: Parts, interception: Interception, sql: RawSql): unknown {
  const { call, behind } = interception;
  const { args } = call;
  const { readOnly, volatile } = parts.analyzer.raw(sql.text, sql.values);
  if (!readOnly) return interceptExecuteRaw(parts, interception);

  const { cached } = behind;
  if (cached === undefined) return pass(parts, interception, args, 'not-requested');
  const base = parts.options.policyOf(undefined);
  const policy = base !== false && cached.over(base);
  if (policy === false) return pass(parts, interception, args, 'refused');
  const { declared: models } = cached;
  if (models === undefined) return bypass(parts, interception, args, 'raw-without-models');
  if (volatile) return bypass(parts, interception, args, 'raw-volatile');
  return readCached(parts, interception, {
    policy,
    args,
    // An entry depends on the models that who filled it named.
    keyArgs: { text: sql.text, values: keyOfValues(sql.values), models: [...models].sort() },
    analysis: () => parts.analyzer.declared('$cached().models', models, sql.text),
    mayName: (table) => mayName(parts.analyzer.text(sql.text), table),
  });
}
