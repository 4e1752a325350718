import type { Model } from '@cachetastic/core/sql';
import { entriesOf, isArguments } from './arguments.js';

/**
 * Whether every condition in `where` compares a number or a boolean with one of the same type: then JavaScript and the
 * database agree on what is equal.
 */
export function comparesExactly(model: Model | undefined, where: unknown): boolean {
  if (model === undefined || !isArguments(where)) return false;
  return entriesOf(where, 'where').every(([name, value]) => {
    const field = model.fields.get(name);
    // A compound key: `{ a_b: { a: 1, b: 2 } }`.
    if (field === undefined) return name !== 'AND' && name !== 'OR' && name !== 'NOT' && comparesExactly(model, value);
    if (field.kind !== 'scalar') return false;
    if (field.comparable === 'integer') return typeof value === 'number';
    return field.comparable === 'boolean' && typeof value === 'boolean';
  });
}
