import type { ForeignKeyAction } from '../catalogue/catalogue.js';
import type { Reference } from '../schema/schema.js';

/** Whether it changes rows. */
export function acts(action: ForeignKeyAction): boolean {
  return action !== 'NoAction' && action !== 'Restrict';
}

/** As SQL has it. */
export function written(action: ForeignKeyAction): string {
  return action.replace(/(?<=.)([A-Z])/g, ' $1').toLowerCase();
}

/** Whether both are about the same columns of the same tables. */
export function isSameKey(one: Reference, other: Reference): boolean {
  const columns = ({ foreignKey }: Reference) =>
    foreignKey.fields
      .map((field, at) => `${field} ${foreignKey.references[at]}`)
      .toSorted()
      .join();
  return one.child === other.child && one.parent === other.parent && columns(one) === columns(other);
}

/** Whether what `known` says covers what `other` does. */
export function says(known: Reference, other: Reference): boolean {
  const covers = (has: ForeignKeyAction, does: ForeignKeyAction): boolean => !acts(does) || has === does;
  return isSameKey(known, other) && covers(known.onDelete, other.onDelete) && covers(known.onUpdate, other.onUpdate);
}
