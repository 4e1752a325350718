import { at, isEntity, kindOf } from '../objects/entities.js';

/** Functions that people read SQL with: `sql`…`.mapWith(Number)`. */
const PLAIN_DECODERS = new Map<unknown, string>([
  [Number, 'Number'],
  [String, 'String'],
  [Boolean, 'Boolean'],
  [BigInt, 'BigInt'],
]);

/** The name of the function that `decoder` reads values with, if it is one of the language's own. */
export function plainDecoderOf(decoder: unknown): string | undefined {
  return PLAIN_DECODERS.get(at(decoder, 'mapFromDriverValue'));
}

/** Whether `column` is not one of Drizzle's own types: the application has defined how its values are read. */
export function isCustom(column: unknown): boolean {
  const items = at(column, 'baseColumn');
  return !/^(Pg|MySql|SQLite)(?!Custom)/.test(kindOf(column) ?? '') || (isEntity(items) && isCustom(items));
}

/** Whether nothing but Drizzle's own columns and the language's own functions reads `fields`: a list of what is selected. */
export function hasOwnDecoders(fields: unknown): boolean {
  if (!Array.isArray(fields)) return false;
  return fields.every((selected: unknown) => {
    const field = at(selected, 'field');
    if (isEntity(field) && 'columnType' in field) return !isCustom(field);
    return plainDecoderOf(at(field, 'decoder') ?? at(field, 'sql', 'decoder')) !== undefined;
  });
}
