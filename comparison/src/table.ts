import type { Outcome } from './compare.js';

/** A Markdown table: one row for each contestant, which reads as well in a terminal. */
export function tableOf(headings: readonly string[], outcomes: readonly Outcome[]): string {
  const head = ['', ...headings];
  const rows = outcomes.map((outcome) =>
    'cells' in outcome
      ? [outcome.contestant, ...outcome.cells]
      : [outcome.contestant, outcome.failure, ...headings.slice(1).map(() => '')],
  );
  // What failed is as long as it is: it must not widen the columns of what did not.
  const whole = [head, ...rows.filter((_, index) => 'cells' in (outcomes[index] ?? {}))];
  const names = rows.map(([name = '']) => name);
  const widths = head.map((_, column) =>
    Math.max(3, ...(column === 0 ? names : whole.map((row) => row[column] ?? '')).map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}
