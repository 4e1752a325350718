import { describe, expect, it } from 'vitest';
import { pages, readPage } from './markdown.js';

/** Phrases that readers stumble over, each with the words to use instead. */
const AVOIDED: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/\bnobody can tell\b/, 'cannot be determined'],
  [/\bwho asks\b/, 'the caller'],
  [/\bbehind (his|their|its|everybody's|our) backs?\b/, 'in the background, or without its knowledge'],
  [/\banew\b/, 'again'],
  [/\bas a rule\b/, 'usually'],
  [/\bcannot be told\b/, 'cannot be determined'],
  [/\bwhoever\b/, 'the process that, or the caller that'],
  [/\balike in every process\b/, 'the same in every process'],
];

/** Pages for users and contributors. Decisions and the changelog record what was said at their time. */
const CHECKED = /^(README|CONTRIBUTING|ARCHITECTURE)\.md$|^packages\/[\w-]+\/README\.md$|^docs\/(?!decisions\/).*\.md$/;

describe('phrases to avoid', () => {
  it.each(pages().filter((page) => CHECKED.test(page)))('%s has no phrase to avoid', (page) => {
    expect(findingsIn(page, readPage(page))).toEqual([]);
  });

  it('the pages for users and contributors are checked, and decisions are not', () => {
    const checked = pages().filter((page) => CHECKED.test(page));

    expect(checked).toEqual(
      expect.arrayContaining([
        'README.md',
        'CONTRIBUTING.md',
        'ARCHITECTURE.md',
        'packages/core/README.md',
        'docs/options.md',
        'docs/concepts/scope.md',
      ]),
    );
    expect(checked.filter((page) => page.startsWith('docs/decisions/'))).toEqual([]);
  });

  it('a phrase is reported with file, line and the words to use, in any case and across the end of a line', () => {
    const page = ['# Title', '', 'It is loaded anew. As', 'a rule, Whoever waits gets it.'].join('\n');

    expect(findingsIn('page.md', page)).toEqual([
      'page.md:3: "anew": write "again"',
      'page.md:3: "As a rule": write "usually"',
      'page.md:4: "Whoever": write "the process that, or the caller that"',
    ]);
  });

  it.each([
    ['SQL of which nobody can tell what it does', 'nobody can tell'],
    ['a function that knows who asks', 'who asks'],
    ["refreshed behind everybody's back", "behind everybody's back"],
    ['refreshed behind their backs', 'behind their backs'],
    ['tables that cannot be told', 'cannot be told'],
    ['Alike in every process', 'Alike in every process'],
  ])('in "%s" a phrase to avoid is found', (sentence, phrase) => {
    expect(findingsIn('page.md', sentence)).toEqual([expect.stringContaining(`page.md:1: "${phrase}"`)]);
  });

  it('a block of code is not checked, and the lines after it keep their numbers', () => {
    const page = ['```ts', '// loaded anew', '```', 'It is loaded anew.'].join('\n');

    expect(findingsIn('page.md', page)).toEqual(['page.md:4: "anew": write "again"']);
  });
});

/** Every phrase to avoid in `text`, in the order in which they stand there. */
function findingsIn(page: string, text: string): readonly string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ''));
  const findings = AVOIDED.flatMap(([{ source }, instead]) => {
    const phrase = new RegExp(source.replaceAll(' ', '\\s+'), 'gi');
    return [...prose.matchAll(phrase)].map(({ 0: found, index }) => ({ found, index, instead }));
  });
  return findings
    .toSorted((one, other) => one.index - other.index)
    .map(({ found, index, instead }) => {
      const line = prose.slice(0, index).split('\n').length;
      return `${page}:${line}: "${found.replaceAll(/\s+/g, ' ')}": write "${instead}"`;
    });
}
