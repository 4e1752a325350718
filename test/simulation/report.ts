import type { MutantOutcome } from './mutant-run.js';
import type { Outcome } from './run.js';

/** How many seeds were played, what the reads came from, and what went wrong. */
export function formatOutcomes(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ mode, seeds, reads, sources, failed, milliseconds }) => {
    const share = (count: number): string => `${((100 * count) / Math.max(1, reads)).toFixed(1)} %`;
    const { memory, redis, 'shared-load': joined, origin } = sources;
    const speed = Math.round((1_000 * seeds) / milliseconds);
    return [mode, seeds, speed, reads, share(memory), share(redis), share(joined), share(origin), failed];
  });
  return table([
    ['mode', 'seeds', 'per second', 'reads', 'memory', 'redis', 'shared-load', 'origin', 'seeds that failed'],
    ...rows,
  ]);
}

export function formatMutants(outcomes: readonly MutantOutcome[]): string {
  const rows = outcomes.map(({ mutant: { name, mode }, caughtBy, seeds }) => [
    name,
    mode,
    caughtBy ?? 'SURVIVED',
    seeds,
  ]);
  return table([['mutant', 'mode', 'caught by seed', 'seeds played'], ...rows]);
}

function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => String(cell).padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
