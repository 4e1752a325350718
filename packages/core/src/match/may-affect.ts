import { type Change, type ModelChange, modelKey } from './change.js';
import type { Dependency, Facts, Footprint } from './footprint.js';

/**
 * Whether `change` may alter the result of a query with `footprint`. *No* is certain; *yes* may be wrong.
 *
 * A changed row matters if it may have been in the result, or may be in it now. For updates both are checked: the order of
 * the log can differ from the order of commits, so a row that now belongs to the result but is absent from it has to count.
 */
export function mayAffect(footprint: Footprint, change: Change): boolean {
  switch (change.kind) {
    case 'everything':
      return true;
    case 'tag':
      return footprint.tags.includes(change.tag);
    case 'model':
      return footprint.dependencies.some((dependency) => dependencyMayChange(dependency, change));
  }
}

function dependencyMayChange(dependency: Dependency, change: ModelChange): boolean {
  if (dependency.model !== change.model && modelKey(dependency.model) !== modelKey(change.model)) return false;
  return mayHaveBeenIn(dependency, change) || mayBeIn(dependency, change);
}

function mayHaveBeenIn({ where, keys }: Dependency, { op, before }: ModelChange): boolean {
  if (op === 'create') return false;
  if (!mayMatch(where, before)) return false;
  return keys === undefined || keys.some((key) => mayMatch(key, before));
}

function mayBeIn({ where }: Dependency, { op, after }: ModelChange): boolean {
  return op !== 'delete' && mayMatch(where, after);
}

/** Whether a row with `facts` may satisfy `condition`: only a column known to differ rules it out. */
function mayMatch(condition: Facts | undefined, facts: Facts | undefined): boolean {
  if (condition === undefined || facts === undefined) return true;
  for (const column in condition) {
    const known = Object.hasOwn(facts, column) ? facts[column] : undefined;
    if (known !== undefined && differ(known, condition[column] ?? '')) return false;
  }
  return true;
}

/** Whether two comparable values certainly differ. Of different kinds they may not: two applications may see one column by different types. */
function differ(one: string, other: string): boolean {
  return one !== other && !(one[1] === ':' && other[1] === ':' && one[0] !== other[0]);
}
