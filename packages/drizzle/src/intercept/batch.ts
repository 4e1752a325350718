import { type Change, EVERYTHING, type WriteOutcome } from '@cachetastic/core';
import { analysedOrEverything, type DescribedWrite, runAlone, runAndReport } from '@cachetastic/core/adapter';
import { analyseWrite } from '@cachetastic/core/sql';
import type { BuiltQuery } from '../objects/database.js';
import { at, isEntity } from '../objects/entities.js';
import { type Context, parsedOf } from './interception.js';
import { changedNothing } from './write-outcome.js';

/** Runs queries that the driver sends as one: none is cached, and what they write is invalidated once. */
export function interceptBatch(
  context: Context,
  queries: readonly unknown[],
  run: (queries: readonly unknown[]) => Promise<unknown>,
): Promise<unknown> {
  const { parts, transaction, tags } = context;
  const batch = queries.map(preparedOnce);
  for (const { built } of batch) {
    if (built !== undefined) parts.session.note(parts.parsedSql.parse(built.sql).session, built.params, parts.events);
  }
  const analyse = (): readonly Change[] => {
    const changes = batch.flatMap(({ built }) => changesOf(context, built));
    return changes.length === 0 ? [] : [...changes, ...tags.map((tag): Change => ({ kind: 'tag', tag }))];
  };
  const describe = (outcome: WriteOutcome<unknown>): readonly Change[] =>
    !outcome.ok && changedNothing(parts, outcome.error) ? [] : analyse();
  const write: DescribedWrite<unknown> = {
    run: () => parts.session.watch(() => run(batch.map(({ query }) => query)), parts.events),
    describe,
    intend: analyse,
  };
  const statements = batch.flatMap(({ built }) => (built === undefined ? [] : [parsedOf(context, built.sql)]));
  const all = {
    changesPath: statements.some(({ changesPath }) => changesPath),
    callsUnknown: statements.some(({ callsUnknown }) => callsUnknown),
    redefines: statements.some(({ redefines }) => redefines),
  };
  return parts.catalogue.around(all, transaction?.ended, () => {
    if (transaction !== undefined) return runAndReport(write, (changes) => transaction.add(changes));
    return runAlone(parts.lazyCache, parts.catalogue, write);
  });
}

/** Prepares a query once: each time, its default values may be others. */
function preparedOnce(query: unknown): { readonly query: unknown; readonly built: BuiltQuery | undefined } {
  const prepare = at(query, '_prepare');
  if (typeof prepare !== 'function' || !isEntity(query)) return { query, built: undefined };
  const prepared: unknown = prepare.call(query);
  const getQuery = at(prepared, 'getQuery');
  const built = typeof getQuery === 'function' ? (getQuery.call(prepared) as BuiltQuery) : undefined;
  return { query: Object.create(query, { _prepare: { value: () => prepared } }) as unknown, built };
}

function changesOf(context: Context, built: BuiltQuery | undefined): readonly Change[] {
  if (built === undefined) return [EVERYTHING];
  const { parts } = context;
  const parsed = parsedOf(context, built.sql);
  if (parsed.readOnly) return [];
  const { changes, widened } = analysedOrEverything(() => {
    const { written, declarations } = parts.tables.current;
    return parts.catalogue.judge(() => analyseWrite(written, declarations, parsed, built.params, undefined));
  });
  if (widened !== undefined && parts.events.heard)
    parts.events.emit({ type: 'widened', query: 'batch', reason: widened });
  return changes;
}
