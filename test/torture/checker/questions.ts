import type { State } from './timeline.js';

/** What an answer must hold: which rows, given what they and others were. */
export interface Question {
  /** Whether rows of this name are asked for at all. */
  readonly concerns: (row: string, argument: number) => boolean;
  /**
   * Whether a row in `state` is in the answer. Where that depends on the parent it may be either, as long as the parent
   * may be one thing or another.
   *
   * @param kindsOf - What a parent's kind may be.
   */
  readonly matches: (
    state: State,
    argument: number,
    kindsOf: (parent: number) => ReadonlySet<number>,
  ) => boolean | 'maybe';
  /** Whether the answer is only the first so many, by `n` downwards and `id` upwards. */
  readonly take?: number;
}

const isItem = (row: string): boolean => row.startsWith('i');
const byGroup = ({ g }: State, argument: number): boolean => g === argument;

export const QUESTIONS: Readonly<Record<string, Question>> = {
  one: { concerns: (row, argument) => row === `i${argument + 1}`, matches: () => true },
  group: { concerns: isItem, matches: byGroup },
  count: { concerns: isItem, matches: byGroup },
  top: { concerns: isItem, matches: byGroup, take: 2 },
  family: {
    concerns: (row, argument) => isItem(row) || row === `p${argument + 1}`,
    // A parent has none.
    matches: ({ parentId }, argument) => parentId === null || parentId === argument + 1,
  },
  kind: {
    concerns: isItem,
    matches: ({ g, parentId }, argument, kindsOf) => {
      if (g !== 0 || parentId === null) return false;
      const kinds = kindsOf(parentId);
      if (!kinds.has(argument)) return false;
      return kinds.size === 1 || 'maybe';
    },
  },
};
