import { type Change, EVERYTHING, type WriteOutcome } from '@cachetastic/core';
import {
  analysedOrEverything,
  type DescribedWrite,
  parseWriteArgument,
  runAlone,
  runAndReport,
} from '@cachetastic/core/adapter';
import type { WriteAnalysis } from '@cachetastic/core/sql';
import { distrustOf, type Interception, nameOf, type Parts, takeCacheArgument } from './interception.js';
import { changedNothing } from './write-outcome.js';

/** Returns what a write changed. @param result - What it returned; `undefined` if that is unknown. */
type Analyse = (result: unknown) => WriteAnalysis;

/** Runs a write on a model, and invalidates what it may have changed once that is visible. */
export function interceptWrite(parts: Parts, interception: Interception): unknown {
  const { call } = interception;
  const { model = '', operation } = call;
  const { args, cache } = takeCacheArgument(call.args);
  const tags = parseWriteArgument('cache', cache);
  return runWrite(parts, interception, args, tags, (result) => parts.analyzer.write(model, operation, args, result));
}

/** Runs an operation that changes what `analyse` returns. */
export function runWrite(
  parts: Parts,
  { call, context, downstream }: Interception,
  args: unknown,
  tags: readonly string[],
  analyse: Analyse,
): Promise<unknown> {
  const distrust = distrustOf(downstream);
  parts.catalogue.heed({ changesPath: false, callsUnknown: false });
  const transaction = context?.transaction;
  const insideTransaction = transaction?.kind === 'itx';
  const intend = (): readonly Change[] => [
    ...(distrust === undefined
      ? analysedOrEverything(() => parts.catalogue.judge(() => analyse(undefined))).changes
      : [EVERYTHING]),
    ...tags.map((tag): Change => ({ kind: 'tag', tag })),
  ];
  const describe = (outcome: WriteOutcome<unknown>): readonly Change[] => {
    // A downstream extension may fail after the write that it passed on.
    const refused = !outcome.ok && changedNothing(call.operation, outcome.error, insideTransaction);
    if (refused && distrust === undefined && !parts.catalogue.outlivesRefusal(intend)) return [];
    const { changes, widened } =
      distrust === undefined
        ? analysedOrEverything(() => parts.catalogue.judge(() => analyse(outcome.ok ? outcome.value : undefined)))
        : { changes: [EVERYTHING], widened: distrust };
    if (widened !== undefined && parts.events.heard) {
      parts.events.emit({ type: 'widened', query: nameOf(call), reason: widened });
    }
    return [...changes, ...tags.map((tag): Change => ({ kind: 'tag', tag }))];
  };
  const run = (): Promise<unknown> => call.query(args).then((value) => value) as Promise<unknown>;
  if (insideTransaction) return runInTransaction(parts, transaction.id, { run, describe, intend });
  return runAlone(parts.lazyCache, parts.catalogue, { run, describe, intend });
}

function runInTransaction(parts: Parts, id: string, write: DescribedWrite<unknown>): Promise<unknown> {
  return runAndReport(write, async (changes) => {
    if (parts.transactions.add(id, changes)) return;
    // It was begun past our `$transaction`, so its end will not be known: invalidating now is the best that can be done.
    parts.events.emit({ type: 'widened', query: '$transaction', reason: 'untracked-transaction' });
    await parts.lazyCache.settle(changes);
  });
}
