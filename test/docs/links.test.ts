import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  anchorsOf,
  codeBlocks,
  codesIn,
  linksOf,
  pages,
  ROOT,
  readPage,
  section,
  tableRows,
  withoutBlocks,
} from './markdown.js';

const ARCHITECTURE = readPage('ARCHITECTURE.md');
const SOURCES = ['core', 'prisma-extension', 'drizzle'].map((name) => join(ROOT, 'packages', name, 'src'));

describe.each(pages())('%s', (page) => {
  it('links only to targets that exist', () => {
    const broken = linksOf(readPage(page)).filter((target) => !/^[a-z]+:/.test(target) && !resolves(page, target));

    expect(broken).toEqual([]);
  });

  it('has one title, and every heading once', () => {
    const text = withoutBlocks(readPage(page));

    expect(text.match(/^# .+/gm)).toHaveLength(1);
    expect(anchorsOf(text).filter((anchor) => /-1$/.test(anchor))).toEqual([]);
  });
});

it('every concept and every reference page is linked from the README', () => {
  const linked = new Set(linksOf(readPage('README.md')));
  const unlinked = pages()
    .filter((page) => /^docs\/(concepts\/)?[\w-]+\.md$/.test(page))
    .filter((page) => !linked.has(page));

  expect(unlinked).toEqual([]);
});

describe('ARCHITECTURE.md', () => {
  const invariants = tableRows(section(ARCHITECTURE, 'Invariants, and the tests that hold them'));

  it('has ten invariants', () => {
    expect(invariants.map(([number]) => number)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  it.each(invariants)('invariant %s is held by tests that exist: %s', (_number, _promise, heldBy = '') => {
    const paths = codesIn(heldBy);

    expect(paths).not.toEqual([]);
    for (const path of paths) expect(testsIn(path), path).toBeGreaterThan(0);
  });

  it('names files of core that exist, in folders that exist, and no folder is missing', () => {
    const [, drawing] = codeBlocks(ARCHITECTURE);
    const lines = (drawing?.code ?? '').split('\n').filter((line) => line !== '');
    const missing = lines.flatMap(filesIn).filter((file) => !existsSync(join(ROOT, 'packages/core/src', file)));
    const folders = readdirSync(join(ROOT, 'packages/core/src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${name}/`);

    expect(missing).toEqual([]);
    expect(lines.map((line) => line.split(/\s/)[0]).filter((first) => first?.endsWith('/'))).toEqual(
      expect.arrayContaining(folders),
    );
  });

  it('names files of the sources that exist', () => {
    const named = codesIn(ARCHITECTURE).filter((code) => /^[\w-]+\/[\w-]+\.ts$/.test(code));

    expect(named.length).toBeGreaterThan(5);
    for (const file of named)
      expect(
        SOURCES.some((source) => existsSync(join(source, file))),
        file,
      ).toBe(true);
  });

  it.each(['prisma-extension', 'drizzle'])('names every folder of %s', (name) => {
    const folders = readdirSync(join(ROOT, 'packages', name, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${entry.name}/`);
    const paragraph = new RegExp(`In \`packages/${name}/src\`:[^]*?\\n\\n`).exec(ARCHITECTURE)?.[0] ?? '';

    expect(codesIn(paragraph)).toEqual(expect.arrayContaining(folders));
  });
});

describe('CHANGELOG.md', () => {
  const changelog = readPage('CHANGELOG.md');

  it('keeps the form of Keep a Changelog, with what is unreleased first', () => {
    const headings = changelog.split('\n').filter((line) => /^##+ /.test(line));
    const kinds = /^### (Added|Changed|Deprecated|Removed|Fixed|Security)$/;

    expect(headings[0]).toBe('## [Unreleased]');
    for (const heading of headings.slice(1)) {
      expect(heading).toMatch(heading.startsWith('### ') ? kinds : /^## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/);
    }
  });

  it('names methods of `$cache` that exist', () => {
    const [, methods = ''] = /`db\.\$cache`: (.*)\./.exec(changelog) ?? [];
    const real = [...readPage('packages/core/src/adapter/cache-control.ts').matchAll(/^ {2}(\w+)[<(]/gm)];

    expect(codesIn(methods)).toEqual(real.map(([, name]) => name));
  });
});

/** Whether `target`, as it stands on `page`, leads to a file, and to a heading of it if it has an anchor. */
function resolves(page: string, target: string): boolean {
  const [path = '', anchor] = decodeURI(target).split('#');
  const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || anchorsOf(readPage(file)).includes(anchor);
}

/** How many tests stand in a file, or in the files of a folder. A suite is run by several. */
function testsIn(path: string): number {
  const whole = join(ROOT, path);
  if (!existsSync(whole)) return 0;
  const files = statSync(whole).isDirectory()
    ? readdirSync(whole, { recursive: true, encoding: 'utf8' }).map((file) => join(whole, file))
    : [whole];
  const tests = files
    .filter((file) => file.endsWith('.test.ts') || /\/suites\/[\w-]+\.ts$/.test(file))
    .flatMap((file) => readFileSync(file, 'utf8').match(/^\s*it(\.each)?\(/gm) ?? []);
  return tests.length;
}

/** The files that a line of the drawing names: `read/  read-through · shared-loads`, or top-level files by their names. */
function filesIn(line: string): readonly string[] {
  const folder = /^([\w-]+\/)/.exec(line)?.[1];
  if (folder === undefined) return [...line.matchAll(/[\w-]+\.ts/g)].map(([file]) => file);
  return line
    .slice(folder.length)
    .split('·')
    .map((name) => name.trim())
    .filter((name) => /^[a-z-]+$/.test(name))
    .map((name) => `${folder}${name}.ts`);
}
