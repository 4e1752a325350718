import type { Change, Query } from '@cachetastic/core';
import type { Dice } from './dice.js';
import { GROUPS, ROWS, type Settings } from './settings.js';

/** A row at one of its versions. Nothing else of it matters, so an answer is a list of these. */
export interface Row {
  readonly id: number;
  readonly version: number;
  readonly group: number;
}

/** A row in the database: it may be deleted, and keeps counting. */
export interface RowState extends Row {
  readonly present: boolean;
}

/** What readers ask: one row, or the rows of a group. */
export type Question = { readonly id: number } | { readonly group: number };

export const QUESTIONS: readonly Question[] = [
  ...Array.from({ length: ROWS }, (_, id) => ({ id })),
  ...Array.from({ length: GROUPS }, (_, group) => ({ group })),
];

export function matches(question: Question, row: RowState): boolean {
  return row.present && ('id' in question ? row.id === question.id : row.group === question.group);
}

/** The rows whose changes can change the answer. */
export function rowsOf(question: Question): readonly number[] {
  return 'id' in question ? [question.id] : ALL;
}

const ALL = Array.from({ length: ROWS }, (_, id) => id);

export function describeQuestion(question: Question): string {
  return 'id' in question ? `row ${question.id}` : `group ${question.group}`;
}

export function describeAnswer(answer: readonly Row[]): string {
  return `[${answer.map(({ id, version, group }) => `row ${id} v${version} g${group}`).join(', ')}]`;
}

/** The question as an adapter describes it. */
export function queryOf(question: Question, strong: boolean, lifetime: Settings['lifetime']): Query<readonly Row[]> {
  const where: Record<string, string> =
    'id' in question ? { id: `i:${question.id}` } : { group: `i:${question.group}` };
  return {
    name: describeQuestion(question),
    keyParts: where,
    footprint: { dependencies: [{ model: 'Row', where }], tags: [] },
    narrow: (answer) => {
      const keys = answer.map(({ id }) => ({ id: `i:${id}` }));
      return { dependencies: [{ model: 'Row', where, keys }], tags: [] };
    },
    lifetime,
    consistency: strong ? 'strong' : 'bounded',
  };
}

/** One statement that writes. */
export type Effect =
  | { readonly do: 'touch' | 'delete'; readonly id: number }
  | { readonly do: 'move' | 'create'; readonly id: number; readonly group: number }
  | { readonly do: 'moveAll'; readonly from: number; readonly to: number };

export function someEffect(dice: Dice): Effect {
  const id = dice.below(ROWS);
  const group = dice.below(GROUPS);
  const kind = dice.share();
  if (kind < 0.4) return { do: 'touch', id };
  if (kind < 0.75) return { do: 'move', id, group };
  if (kind < 0.85) return { do: 'moveAll', from: group, to: dice.below(GROUPS) };
  return dice.chance(0.5) ? { do: 'delete', id } : { do: 'create', id, group };
}

/** The rows after `effect`, untouched ones as they were. */
export function applied(effect: Effect, rows: readonly RowState[]): readonly RowState[] {
  return rows.map((row) => changed(effect, row));
}

function changed(effect: Effect, row: RowState): RowState {
  const version = row.version + 1;
  switch (effect.do) {
    case 'touch':
      return row.id === effect.id && row.present ? { ...row, version } : row;
    case 'move':
      return row.id === effect.id && row.present ? { ...row, version, group: effect.group } : row;
    case 'moveAll':
      return row.group === effect.from && row.present ? { ...row, version, group: effect.to } : row;
    case 'delete':
      return row.id === effect.id && row.present ? { ...row, version, present: false } : row;
    case 'create':
      return row.id === effect.id && !row.present ? { ...row, version, group: effect.group, present: true } : row;
  }
}

/** What an adapter tells the log of it. */
export function changeOf(effect: Effect): Change {
  const model = { kind: 'model', model: 'Row' } as const;
  if (effect.do === 'moveAll') {
    return { ...model, op: 'update', before: { group: `i:${effect.from}` }, after: { group: `i:${effect.to}` } };
  }
  const id = { id: `i:${effect.id}` };
  switch (effect.do) {
    case 'touch':
      return { ...model, op: 'update', before: id, after: id };
    case 'move':
      return { ...model, op: 'update', before: id, after: { ...id, group: `i:${effect.group}` } };
    case 'delete':
      return { ...model, op: 'delete', before: id };
    case 'create':
      return { ...model, op: 'create', after: { ...id, group: `i:${effect.group}` } };
  }
}

export function rowsTouchedBy(effects: readonly Effect[]): readonly number[] {
  return effects.some((effect) => effect.do === 'moveAll')
    ? ALL
    : effects.map((effect) => (effect as { readonly id: number }).id);
}
