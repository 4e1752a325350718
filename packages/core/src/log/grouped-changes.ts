import type { Change, ModelChange } from '../match/change.js';

type Group = readonly [op: ModelChange['op'], before: object | null, after: object | null, models: readonly string[]];

/**
 * Many changes, written briefly: models that were changed in the same way are named in one list, and all facts stand once.
 *
 * It has no property `changes` and is no list: older versions do not know it, and must not read a part of it.
 */
export interface GroupedChanges {
  readonly groups: readonly Group[];
  readonly others: readonly Change[];
}

/** Puts `changes` into groups. The deletion of a row and what it cascades to is one group for each column of the rows. */
export function groupChanges(changes: readonly Change[]): GroupedChanges {
  const models = new Map<string, string[]>();
  const groups: Group[] = [];
  const others: Change[] = [];
  for (const change of changes) {
    if (change.kind !== 'model') {
      others.push(change);
      continue;
    }
    const { op, before = null, after = null, model } = change;
    const kind = JSON.stringify([op, before, after]);
    const known = models.get(kind);
    if (known !== undefined) {
      known.push(model);
      continue;
    }
    const named = [model];
    models.set(kind, named);
    groups.push([op, before, after, named]);
  }
  return { groups, others };
}

/** The opposite of {@link groupChanges}, for unknown input. The caller checks whether the parts are changes. */
export function ungroupChanges(value: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  const { groups, others } = value;
  if (Object.keys(value).length !== 2 || !Array.isArray(groups) || !Array.isArray(others)) return undefined;
  const changes: unknown[] = [...others];
  for (const group of groups as readonly unknown[]) {
    if (!Array.isArray(group) || group.length !== 4) return undefined;
    const [op, before, after, models] = group as readonly unknown[];
    if (!Array.isArray(models)) return undefined;
    const facts = { ...(before === null ? {} : { before }), ...(after === null ? {} : { after }) };
    for (const model of models as readonly unknown[]) changes.push({ kind: 'model', model, op, ...facts });
  }
  return changes;
}
