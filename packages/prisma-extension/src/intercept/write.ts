import { type Change, EVERYTHING, type WriteOutcome } from '@cachetastic/core';
import type { WriteAnalysis } from '../analysis/analyzer.js';
import { parseWriteArgument } from '../options/read-policy.js';
import { distrustOf, type Interception, nameOf, type Parts, takeCacheArgument } from './interception.js';
import { changedNothing } from './write-outcome.js';

/** Says what a write did, given its answer, or `undefined` when there is none to go by. */
type Analyse = (result: unknown) => WriteAnalysis;

/** Runs a write on a model, and invalidates what it may have done once that is visible. */
export function interceptWrite(parts: Parts, interception: Interception): unknown {
  const { call } = interception;
  const { model = '', operation } = call;
  const { args, cache } = takeCacheArgument(call.args);
  const tags = parseWriteArgument('cache', cache);
  return runWrite(parts, interception, args, tags, (result) => parts.analyzer.write(model, operation, args, result));
}

/** Runs an operation that changes what `analyse` says. */
export function runWrite(
  parts: Parts,
  { call, context, behind }: Interception,
  args: unknown,
  tags: readonly string[],
  analyse: Analyse,
): unknown {
  const distrust = distrustOf(behind);
  const transaction = context?.transaction;
  const insideTransaction = transaction?.kind === 'itx';
  const describe = (outcome: WriteOutcome<unknown>): readonly Change[] => {
    // An extension behind us may fail after the write that it passed on.
    const refused = !outcome.ok && changedNothing(call.operation, outcome.error, insideTransaction);
    if (refused && distrust === undefined) return [];
    const { changes, widened } =
      distrust === undefined ? analysed(analyse, outcome) : { changes: [EVERYTHING], widened: distrust };
    if (widened !== undefined && parts.events.heard) {
      parts.events.emit({ type: 'widened', query: nameOf(call), reason: widened });
    }
    return [...changes, ...tags.map((tag): Change => ({ kind: 'tag', tag }))];
  };
  const intend = (): readonly Change[] => [
    ...(distrust === undefined ? analyse(undefined).changes : [EVERYTHING]),
    ...tags.map((tag): Change => ({ kind: 'tag', tag })),
  ];
  const run = (): Promise<unknown> => call.query(args).then((value) => value) as Promise<unknown>;
  if (insideTransaction) return runInTransaction(parts, transaction.id, run, describe);
  const { opened } = parts.opening;
  return opened === undefined ? runBeforeOpening(parts, run, describe, intend) : opened.write(run, describe, intend);
}

type Describe = (outcome: WriteOutcome<unknown>) => readonly Change[];

async function runBeforeOpening(
  parts: Parts,
  run: () => Promise<unknown>,
  describe: Describe,
  intend: () => readonly Change[],
): Promise<unknown> {
  const cache = await parts.opening.open();
  if (cache !== undefined) return cache.write(run, describe, intend);
  parts.opening.assertUnannounced();
  return settled(run, describe, (changes) => parts.opening.settle(changes));
}

function runInTransaction(parts: Parts, id: string, run: () => Promise<unknown>, describe: Describe): Promise<unknown> {
  return settled(run, describe, async (changes) => {
    if (parts.transactions.add(id, changes)) return;
    // Begun past our `$transaction`, so its end will not be heard of: now is the best that can be done.
    parts.events.emit({ type: 'widened', query: '$transaction', reason: 'untracked-transaction' });
    await parts.opening.settle(changes);
  });
}

/** Runs, hands over the changes, and settles as the run did. */
async function settled(
  run: () => Promise<unknown>,
  describe: Describe,
  take: (changes: readonly Change[]) => unknown,
): Promise<unknown> {
  let value: unknown;
  try {
    value = await run();
  } catch (error) {
    await take(describe({ ok: false, error }));
    throw error;
  }
  await take(describe({ ok: true, value }));
  return value;
}

function analysed(analyse: Analyse, outcome: WriteOutcome<unknown>): WriteAnalysis {
  try {
    return analyse(outcome.ok ? outcome.value : undefined);
  } catch (error) {
    // The write is done: what went wrong in understanding it must not be its outcome.
    return {
      changes: [EVERYTHING],
      widened: `analysis-failed: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
