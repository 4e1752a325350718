/** How a driver gives an answer of one form. */
export interface AnswerForm {
  /** All rows, the first one, or none but what became of the statement. */
  readonly rows: 'many' | 'one' | 'none';
  /** Whether callers see more of the answer than the rows. */
  readonly whole: boolean;
  /** Whether rows and columns come in a pair (`mysql2`). */
  readonly pair: boolean;
}

/** What a driver answered, as plain data that can be kept, copied and given back. */
export interface DriverRows {
  readonly rows: readonly unknown[];
  /** What it says besides, where anybody can see it: the count and the columns of raw SQL. */
  readonly head?: Readonly<Record<string, unknown>> | undefined;
  readonly form: 'one' | 'list' | 'result' | 'counted-list' | 'pair';
}

const COLUMN_PARTS = [
  'name',
  'tableID',
  'columnID',
  'dataTypeID',
  'dataTypeSize',
  'dataTypeModifier',
  'format',
  'type',
  'table',
  'number',
];

/**
 * Takes `answer` apart: a list of rows; one row; an object that holds them (`pg`, PGlite); a list that knows its count
 * (`postgres`); rows and columns (`mysql2`).
 *
 * @returns `undefined` for what no driver that we know answers with.
 */
export function takeApart(answer: unknown, { rows: wanted, whole, pair }: AnswerForm): DriverRows | undefined {
  if (wanted === 'none') return undefined;
  if (wanted === 'one') return { form: 'one', rows: answer === undefined || answer === null ? [] : [plainRow(answer)] };
  if (Array.isArray(answer)) return pair ? pairOf(answer, whole) : listOf(answer, whole);
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { rows, fields, command, rowCount, oid, affectedRows } = answer as Readonly<Record<string, unknown>>;
  if (!Array.isArray(rows)) return undefined;
  const head = whole ? present({ command, rowCount, oid, affectedRows, fields: plainColumns(fields) }) : undefined;
  return { form: 'result', rows: rows.map(plainRow), head };
}

function pairOf([rows, columns]: readonly unknown[], whole: boolean): DriverRows | undefined {
  if (!Array.isArray(rows)) return undefined;
  return { form: 'pair', rows: rows.map(plainRow), head: whole ? { fields: plainColumns(columns) } : undefined };
}

function listOf(answer: readonly unknown[], whole: boolean): DriverRows {
  if (!('command' in answer) || !('count' in answer)) return { form: 'list', rows: answer.map(plainRow) };
  const { command, count, columns } = answer as unknown as Readonly<Record<string, unknown>>;
  const head = whole ? { command, count, columns: plainColumns(columns) } : undefined;
  return { form: 'counted-list', rows: Array.from(answer, plainRow), head };
}

/** What the driver would have answered. */
export function putTogether({ form, rows, head }: DriverRows): unknown {
  switch (form) {
    case 'one':
      return rows[0];
    case 'list':
      return rows;
    case 'result':
      return { ...head, rows };
    case 'pair':
      return [rows, head?.['fields'] ?? []];
    case 'counted-list': {
      // Not among its items, and not in what is printed of it.
      const properties = Object.entries(head ?? {}).map(([name, value]) => [name, { value, writable: true }] as const);
      return Object.defineProperties([...rows], Object.fromEntries(properties));
    }
  }
}

/** Rows of classes that drivers make up become plain ones: they hold the same columns. */
function plainRow(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  // Rows of `@libsql/client` have their columns by name and by place, and what reads them by place takes lists as well.
  const length = Object.getOwnPropertyDescriptor(row, 'length');
  if (length?.enumerable === false) return Array.prototype.slice.call(row);
  const prototype: unknown = Object.getPrototypeOf(row);
  return prototype === Object.prototype || prototype === null ? row : { ...row };
}

function plainColumns(columns: unknown): unknown {
  if (!Array.isArray(columns)) return undefined;
  return columns.map((column: unknown) => {
    if (typeof column !== 'object' || column === null) return column;
    const parts = Object.fromEntries(COLUMN_PARTS.map((part) => [part, Reflect.get(column, part) as unknown]));
    return present(
      Object.fromEntries(
        Object.entries(parts).filter(([, value]) => typeof value !== 'function' && typeof value !== 'object'),
      ),
    );
  });
}

function present(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
