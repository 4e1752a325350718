import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pages, ROOT, readPage } from './markdown.js';
import { type Avoided, commentsOf, findingsIn, proseOf } from './prose.js';

/** Phrases that readers stumble over, each with the words to use instead. */
const AVOIDED: readonly Avoided[] = [
  [/\banew\b/, 'again'],
  [/\b(no|some|every)body\b/, 'no process, another caller, every read'],
  [/\bwhoever\b/, 'the process that, or the caller that'],
  [/\b(he|him|his)\b/, 'they, or the caller'],
  [/\bwho asks\b/, 'the caller'],
  [/\bbehind [\w’']+ backs?\b/, 'in the background, or without its knowledge'],
  [/\bas a rule\b/, 'usually'],
  [/\bcan tell\b/, 'can determine'],
  [/\b(can|cannot|could|may|must) be told\b/, 'can or cannot be determined'],
  [/\b(am|are|be|been|being|is|was|were) told\b/, 'gets, knows, or is informed of'],
  [/\btold apart\b/, 'distinguished'],
  [/\b(tell|tells|telling|told) of\b/, 'reports'],
  [/\bbesides\b/, 'in addition'],
  [/\balike\b/, 'the same, or in the same way'],
  [/\bRedis is away\b/, 'Redis is unavailable'],
];

/** Folders with sources whose comments are checked. */
const COMMENTED = ['packages/core/src', 'packages/drizzle/src', 'packages/prisma-extension/src', 'test'];

describe('phrases to avoid', () => {
  it.each(pages())('%s has no phrase to avoid', (page) => {
    expect(findingsIn(page, proseOf(readPage(page)), AVOIDED)).toEqual([]);
  });

  it.each(COMMENTED)('comments under %s have no phrase to avoid', { timeout: 60_000 }, (folder) => {
    const sources = sourcesIn(folder);

    expect(sources).not.toEqual([]);
    expect(sources.flatMap(commentFindingsIn)).toEqual([]);
  });

  it('the pages for users and contributors are checked, and so are decisions and the changelog', () => {
    expect(pages()).toEqual(
      expect.arrayContaining([
        'README.md',
        'CHANGELOG.md',
        'CONTRIBUTING.md',
        'ARCHITECTURE.md',
        'packages/core/README.md',
        'docs/options.md',
        'docs/concepts/scope.md',
        'docs/decisions/0004-libraries.md',
      ]),
    );
  });

  it('a phrase is reported with file, line and the words to use, in any case and across the end of a line', () => {
    const page = ['# Title', '', 'It is loaded anew. As', 'a rule, Whoever waits gets it.'].join('\n');

    expect(findingsIn('page.md', proseOf(page), AVOIDED)).toEqual([
      'page.md:3: "anew": write "again"',
      'page.md:3: "As a rule": write "usually"',
      'page.md:4: "Whoever": write "the process that, or the caller that"',
    ]);
  });

  it('a phrase in a comment is reported with its line, across lines of the comment, and code is not checked', () => {
    const source = [
      'export const anew = "loaded anew"; // loaded anew',
      '/** As',
      ' * a rule, `anew` is a name. */',
      "const text = /\\/\\/ anew/.test('// anew') ? `// anew` : /* anew */ 'anew';",
      '// It is what a',
      '// process is',
      '// told.',
    ].join('\n');

    expect(findingsIn('source.ts', commentsOf(source), AVOIDED)).toEqual([
      'source.ts:1: "anew": write "again"',
      'source.ts:2: "As a rule": write "usually"',
      'source.ts:4: "anew": write "again"',
      'source.ts:6: "is told": write "gets, knows, or is informed of"',
    ]);
  });

  it.each([
    ['SQL of which nobody knows what it does', 'nobody'],
    ['a function that knows who asks', 'who asks'],
    ["refreshed behind everybody's back", "behind everybody's back"],
    ['refreshed behind their backs', 'behind their backs'],
    ['tables that cannot be told', 'cannot be told'],
    ['The same in every process, or Alike', 'Alike'],
    ['the cache tells of it', 'tells of'],
    ['while Redis is away', 'Redis is away'],
  ])('a phrase to avoid is found in "%s"', (sentence, phrase) => {
    expect(findingsIn('page.md', sentence, AVOIDED)).toContainEqual(expect.stringContaining(`page.md:1: "${phrase}"`));
  });

  it('code on a page is not checked, and the lines after a block of code keep their numbers', () => {
    const page = ['```ts', '// loaded anew', '```', 'Runs as `nobody`. It is loaded anew.'].join('\n');

    expect(findingsIn('page.md', proseOf(page), AVOIDED)).toEqual(['page.md:4: "anew": write "again"']);
  });
});

/** The TypeScript under `folder` that is not ignored, by its path in the project. */
function sourcesIn(folder: string): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', `${folder}/*.ts`], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed.split('\n').filter((path) => path !== '');
}

/** Only a file that has such a phrase anywhere is taken apart, because that takes time. */
function commentFindingsIn(path: string): readonly string[] {
  const source = readPage(path);
  const words = source.replaceAll(/[\s/*]+/g, ' ');
  return findingsIn(path, words, AVOIDED).length === 0 ? [] : findingsIn(path, commentsOf(source), AVOIDED);
}
