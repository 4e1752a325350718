import type { Change, WriteOutcome } from '@cachetastic/core';
import { analysedOrEverything, type DescribedWrite, runAlone, runAndReport } from '@cachetastic/core/adapter';
import { analyseWrite, isWhole, type ReturnedRow, type WriteAnalysis } from '@cachetastic/core/sql';
import { toPlainRows } from '../driver/plain-rows.js';
import { type Interception, nameOf, parsedOf } from './interception.js';
import { changedNothing } from './write-outcome.js';

/** Runs a query that may write, and invalidates what it may have changed once that is visible. */
export function interceptWrite(interception: Interception): Promise<unknown> {
  const { context, parsed, run } = interception;
  const { parts, transaction, tags } = context;
  const labels = tags.map((tag): Change => ({ kind: 'tag', tag }));
  const describe = (outcome: WriteOutcome<unknown>): readonly Change[] => {
    if (!outcome.ok && isWhole(parsed) && changedNothing(parts, outcome.error)) return [];
    const { changes, widened } = analysedOrEverything(() => analyse(interception, rowsOf(interception, outcome)));
    if (widened !== undefined && parts.events.heard) {
      parts.events.emit({ type: 'widened', query: nameOf(interception), reason: widened });
    }
    return changes.length === 0 ? changes : [...changes, ...labels];
  };
  const intend = (): readonly Change[] => [
    ...analysedOrEverything(() => analyse(interception, undefined)).changes,
    ...labels,
  ];
  const write: DescribedWrite<unknown> = { run, describe, intend };
  if (transaction !== undefined) return runAndReport(write, (changes) => transaction.add(changes));
  return runAlone(parts.lazyCache, parts.catalogue, write);
}

function analyse({ context, sql, params }: Interception, rows: readonly ReturnedRow[] | undefined): WriteAnalysis {
  const { catalogue, tables } = context.parts;
  const { written, declarations } = tables.current;
  // Parsed again: what its functions do may be known only now.
  const parsed = parsedOf(context, sql);
  return catalogue.judge(() => analyseWrite(written, declarations, parsed, params, rows));
}

function rowsOf(
  { context, expected }: Interception,
  outcome: WriteOutcome<unknown>,
): readonly ReturnedRow[] | undefined {
  if (!outcome.ok) return undefined;
  const plain = toPlainRows(context.parts.driver, outcome.value, { ...expected, whole: false });
  return plain?.rows.every((row) => typeof row === 'object' && row !== null)
    ? (plain.rows as readonly ReturnedRow[])
    : undefined;
}
