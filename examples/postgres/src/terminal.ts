import pc from 'picocolors';

/** No line is wider, so that it can be read in any terminal. */
const WIDTH = 80;
const INDENT = '  ';

/** What a column of {@link table} looks like. */
export interface Column {
  readonly head: string;
  /** Text is aligned left, numbers right. @defaultValue `'left'` */
  readonly align?: 'left' | 'right' | undefined;
  /** Colours a cell after it was padded. */
  readonly paint?: ((padded: string, cell: string) => string) | undefined;
}

/** The first thing on the screen. */
export function title(name: string, promise: string): void {
  print();
  print(`${INDENT}${pc.bold(pc.cyan(name))}  ${promise}`);
}

/** Begins a part, whose chapters are counted anew. */
export function part(name: string, text: string): void {
  print();
  print(`${INDENT}${pc.bold(pc.cyan(name))}  ${text}`);
  print(`${INDENT}${pc.dim('═'.repeat(WIDTH - 2 * INDENT.length))}`);
}

/** Begins a chapter. */
export function heading(number: number, text: string): void {
  const label = `${number}  ${text} `;
  print();
  print(`${INDENT}${pc.bold(label)}${pc.dim('─'.repeat(WIDTH - 2 * INDENT.length - label.length))}`);
}

/** Says something in whole sentences, wrapped. */
export function say(text: string): void {
  for (const line of wrap(text, WIDTH - 2 * INDENT.length)) print(`${INDENT}${line}`);
}

/** Says something that matters less. */
export function aside(text: string): void {
  for (const line of wrap(text, WIDTH - 2 * INDENT.length)) print(`${INDENT}${pc.dim(line)}`);
}

/** States what was checked. Where it does not hold, the example ends with exit code 1. */
export function verdict(good: boolean, text: string): void {
  if (!good) process.exitCode = 1;
  const [first, ...rest] = wrap(text, WIDTH - 2 * INDENT.length - 2);
  print(`${INDENT}${good ? pc.green('✓') : pc.red('✗')} ${first ?? ''}`);
  for (const line of rest) print(`${INDENT}  ${line}`);
}

/** A name and a value on each line, values below each other. */
export function facts(pairs: readonly (readonly [name: string, value: string])[]): void {
  const width = Math.max(...pairs.map(([name]) => name.length));
  for (const [name, value] of pairs) {
    const [first, ...rest] = wrap(value, WIDTH - 2 * INDENT.length - width - 2);
    print(`${INDENT}${pc.dim(name.padEnd(width))}  ${first ?? ''}`);
    for (const line of rest) print(`${INDENT}${' '.repeat(width)}  ${line}`);
  }
}

/** Rows below a line of heads. The last column is cut if the terminal is too narrow. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const widths = columns.map(({ head }, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const pad = (cell: string, at: number): string =>
    columns[at]?.align === 'right' ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);

  print();
  print(
    INDENT +
      pc.dim(
        columns
          .map(({ head }, at) => pad(head, at))
          .join('  ')
          .trimEnd(),
      ),
  );
  for (const row of rows) {
    let room = WIDTH - INDENT.length;
    const cells = row.map((cell, at) => {
      const last = at === row.length - 1;
      const padded = (last && columns[at]?.align !== 'right' ? cell : pad(cell, at)).slice(0, Math.max(room, 0));
      room -= padded.length + 2;
      const paint = columns[at]?.paint;
      return paint === undefined ? padded : paint(padded, cell);
    });
    print(INDENT + cells.join('  '));
  }
  print();
}

/** Milliseconds; in a column the points are below each other. */
export function milliseconds(value: number, digits: 1 | 2 | 3 = 3): string {
  return `${value.toFixed(digits)} ms`;
}

/** A whole number with separators, `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en-GB');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}
