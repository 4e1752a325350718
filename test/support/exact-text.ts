/** A class of values that only one Prisma runtime makes. */
export type DecimalClass = abstract new (...args: never[]) => { valueOf(): string };

/**
 * The {@link exactText} of a value with its fields sorted. Two selections that name the same fields in another order are
 * one question, so one cached answer, while the database answers in the order asked for.
 */
export function sortedText(value: unknown, Decimal: DecimalClass): string {
  return write(value, Decimal, (fields) => fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Writes a value down so that two texts are equal only if the values are, in content, order and class: for comparing
 * what processes answered, which no message between them could carry.
 *
 * @param Decimal - The class that decimals of this client's answers must have, if it has one.
 */
export function exactText(value: unknown, Decimal?: DecimalClass): string {
  return write(value, Decimal, (fields) => fields);
}

type Field = [key: string, value: unknown];

function write(value: unknown, Decimal: DecimalClass | undefined, order: (fields: Field[]) => Field[]): string {
  const text = (inner: unknown): string => write(inner, Decimal, order);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Decimal !== undefined && value instanceof Decimal) return `Decimal(${value.valueOf()})`;
  if (value instanceof Date) return `${className(value)}(${value.getTime()})`;
  if (value instanceof Uint8Array) return `${className(value)}(${Buffer.from(value).toString('hex')})`;
  if (Array.isArray(value)) return `${className(value)}[${value.map(text).join(', ')}]`;
  const fields = order(Object.entries(value)).map(([key, field]) => `${JSON.stringify(key)}: ${text(field)}`);
  return `${className(value)}{${fields.join(', ')}}`;
}

function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return 'null';
  const { name } = value.constructor ?? {};
  return name === 'Object' ? '' : String(name);
}
