/** What became of the cached reads of two processes after one write. */
export interface MatrixRow {
  /** The write. */
  readonly name: string;
  /** How many reads the database answers in another way than before. */
  readonly changed: number;
  /** How many answers of the process that wrote, and of the other, are not what the database says. */
  readonly stale: readonly [number, number];
  /** How many answers they still had in memory. */
  readonly survived: readonly [number, number];
}

/** A line for each write, and one for all. @param title - What is written before the first. */
export function matrixTable(title: string, reads: number, rows: readonly MatrixRow[]): string {
  const line = (name: string, cells: readonly (string | number)[]): string =>
    name.slice(0, 54).padEnd(54) + cells.map((cell) => String(cell).padStart(9)).join('');
  const total = (count: (row: MatrixRow) => number): number => rows.reduce((sum, row) => sum + count(row), 0);
  return [
    '',
    `${title}${rows.length} writes x ${reads} cached reads x 2 processes`,
    line('write', ['changed', 'stale A', 'stale B', 'kept A', 'kept B']),
    ...rows.map(({ name, changed, stale, survived }) => line(name, [changed, ...stale, ...survived])),
    line('all', [
      total(({ changed }) => changed),
      ...[0, 1].map((at) => total(({ stale }) => stale[at] ?? 0)),
      ...[0, 1].map((at) => total(({ survived }) => survived[at] ?? 0)),
    ]),
  ].join('\n');
}
