import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block of code. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** Where its first line stands in the page, from 1. */
  readonly line: number;
  /** The heading that it stands under, and those above it. */
  readonly headings: readonly string[];
}

/** The text of a page, by its path in the project. */
export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Every page of the project that is not ignored, by its path in the project. */
export function pages(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return [...new Set(listed.split('\n'))].filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

export function codeBlocks(page: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  for (const found of page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)) {
    const [, language = '', code = ''] = found;
    const before = page.slice(0, found.index);
    blocks.push({ language, code, line: before.split('\n').length + 1, headings: headingsOver(before) });
  }
  return blocks;
}

/** The headings that what follows `page` stands under. */
function headingsOver(page: string): readonly string[] {
  const headings: string[] = [];
  for (const [, marks = '', heading = ''] of withoutBlocks(page).matchAll(/^(#+) (.*)$/gm)) {
    headings.splice(marks.length - 1, Number.POSITIVE_INFINITY, heading);
  }
  return headings;
}

/** `page` without its blocks of code. */
export function withoutBlocks(page: string): string {
  return page.replaceAll(/^```[\s\S]*?^```$/gm, '');
}

/** What stands under the heading `title`, up to the next heading of its level or above. */
export function section(page: string, title: string): string {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '').trim() === title);
  if (start === -1) throw new Error(`The page has no heading "${title}".`);
  const level = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 0;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => (/^(#+) /.exec(line)?.[1]?.length ?? 7) <= level);
  return rest.slice(0, end === -1 ? undefined : end).join('\n');
}

/** The rows of every table in `page`, without their headings: trimmed cells. */
export function tableRows(page: string): readonly (readonly string[])[] {
  const lines = page.split('\n').filter((line) => line.startsWith('|'));
  return lines
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split('|')
        .map((cell) => cell.trim()),
    )
    .filter((cells, index, rows) => !isRule(cells) && !isRule(rows[index + 1] ?? []));
}

/** What stands in backticks in `page`, blocks aside. */
export function codesIn(page: string): readonly string[] {
  return [...withoutBlocks(page).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** The anchors of headings, as GitHub makes them. */
export function anchorsOf(page: string): readonly string[] {
  const seen = new Map<string, number>();
  return withoutBlocks(page)
    .split('\n')
    .filter((line) => /^#{1,6} /.test(line))
    .map((line) => {
      const plain = line.replace(/^#+ /, '').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
      const slug = plain
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
        .replaceAll(' ', '-');
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    });
}

/** The targets of links, images and references. */
export function linksOf(page: string): readonly string[] {
  const prose = withoutBlocks(page).replaceAll(/`[^`\n]*`/g, '');
  const inline = [...prose.matchAll(/\]\(([^)\s]+)[^)]*\)/g)];
  const defined = [...prose.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)];
  return [...inline, ...defined].map(([, target = '']) => target);
}

function isRule(cells: readonly string[]): boolean {
  return cells.length > 0 && cells.every((cell) => /^:?-+:?$/.test(cell));
}
