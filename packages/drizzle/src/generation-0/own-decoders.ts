import { at, isEntity, kindOf } from '../objects/entities.js';

/** Functions of the language that applications decode SQL with: `sql`…`.mapWith(Number)`. */
const PLAIN_DECODERS = new Map<unknown, string>([
  [Number, 'Number'],
  [String, 'String'],
  [Boolean, 'Boolean'],
  [BigInt, 'BigInt'],
]);

/** The name of the function that `decoder` uses, if that is one of the language. */
export function plainDecoderOf(decoder: unknown): string | undefined {
  return PLAIN_DECODERS.get(at(decoder, 'mapFromDriverValue'));
}

/** Whether the application has defined how values of `column` are decoded. */
export function isCustom(column: unknown): boolean {
  const items = at(column, 'baseColumn');
  return !/^(Pg|MySql|SQLite)(?!Custom)/.test(kindOf(column) ?? '') || (isEntity(items) && isCustom(items));
}

/** Whether `fields`, a list of what is selected, is decoded only by Drizzle's own columns and by functions of the language. */
export function hasOwnDecoders(fields: unknown): boolean {
  if (!Array.isArray(fields)) return false;
  return fields.every((selected: unknown) => {
    const field = at(selected, 'field');
    if (isEntity(field) && 'columnType' in field) return !isCustom(field);
    return plainDecoderOf(at(field, 'decoder') ?? at(field, 'sql', 'decoder')) !== undefined;
  });
}
