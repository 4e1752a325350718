import type { Field, Model, Schema } from './schema.js';

/** How many bytes of a name PostgreSQL keeps. It cuts off the rest wherever a name is written. */
const LONGEST_NAME = 63;

/** What a database of `provider` makes of `name`. */
export function storedName(name: string, provider: string | undefined): string {
  if (provider !== 'postgres' && provider !== 'postgresql') return name;
  if (name.length * 3 <= LONGEST_NAME || Buffer.byteLength(name) <= LONGEST_NAME) return name;
  let [stored, bytes] = ['', 0];
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > LONGEST_NAME) break;
    stored += character;
  }
  return stored;
}

/** `schema` with the names that its database has: those in code may be longer. */
export function withStoredNames(schema: Schema): Schema {
  const stored = (name: string) => storedName(name, schema.provider);
  const field = (one: Field): Field =>
    one.kind === 'scalar' ? { ...one, column: stored(one.column) } : { ...one, joinTable: stored(one.joinTable) };
  const isLong = ({ table, fields }: Model): boolean =>
    [table, ...[...fields.values()].map((one) => (one.kind === 'scalar' ? one.column : one.joinTable))].some(
      (name) => stored(name) !== name,
    );
  if (![...schema.models.values()].some(isLong)) return schema;
  const models = [...schema.models].map(([name, model]): [string, Model] => [
    name,
    { ...model, table: stored(model.table), fields: new Map([...model.fields].map(([own, one]) => [own, field(one)])) },
  ]);
  const joinTables = [...schema.joinTables].map(([table, ends]) => [stored(table), ends] as const);
  return { ...schema, models: new Map(models), joinTables: new Map(joinTables) };
}
