import { type Finding, isMet } from './finding.js';

// 100 columns together with the blanks between them.
const WIDTHS = [3, 57, 7, 8, 12, 7] as const;
const HEADINGS = ['', 'measure', 'goal', 'median', 'quartiles', ''];

export function heading(): string {
  return `${line(HEADINGS)}\n${WIDTHS.map((width) => '─'.repeat(width)).join(' ')}`;
}

export function lineOf(finding: Finding): string {
  const { target, what, goal, found, unit = '' } = finding;
  const bound = goal === undefined ? '' : 'atMost' in goal ? `≤ ${brief(goal.atMost)}` : `≥ ${brief(goal.atLeast)}`;
  const quartiles = found.lower === found.upper ? '' : `${brief(found.lower)}–${brief(found.upper)}`;
  const met = isMet(finding);
  return line([
    target,
    what,
    bound,
    `${brief(found.median)}${unit === '' ? '' : ` ${unit}`}`,
    quartiles,
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ]);
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => {
      const width = WIDTHS[index] ?? 0;
      return index < 2 || index === cells.length - 1 ? cell.padEnd(width) : cell.padStart(width);
    })
    .join(' ')
    .trimEnd();
}

/** Three digits that count. */
function brief(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
