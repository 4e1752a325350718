import ts from 'typescript';

/** A word or phrase that readers stumble over, and what to write instead. */
export type Avoided = readonly [phrase: RegExp, instead: string];

/** `page` without its blocks of code and its code in backticks: other characters keep their places. */
export function proseOf(page: string): string {
  return blankCode(page.replaceAll(/^```[\s\S]*?^```$/gm, blank));
}

/** The comments of the TypeScript in `source`, without code in backticks: their characters keep their places. */
export function commentsOf(source: string): string {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const places = new Map<number, number>();
  const visit = (node: ts.Node): void => {
    const found = [
      ...(ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.getEnd()) ?? []),
    ];
    for (const { pos, end } of found) places.set(pos, end);
    for (const child of node.getChildren(file)) if (!ts.isJSDoc(child)) visit(child);
  };
  visit(file);
  let comments = '';
  for (const [pos, end] of [...places].sort(([one], [other]) => one - other)) {
    comments += blank(source.slice(comments.length, pos));
    comments += source.slice(pos, end).replaceAll(/^\s*\*|\/\/|\/\*+/gm, blank);
  }
  return blankCode(comments);
}

/** Every phrase of `avoided` in `prose`, in the order in which they stand there: where, which, and what to write instead. */
export function findingsIn(path: string, prose: string, avoided: readonly Avoided[]): readonly string[] {
  const findings = avoided.flatMap(([{ source }, instead]) => {
    const phrase = new RegExp(source.replaceAll(' ', '\\s+'), 'gi');
    return [...prose.matchAll(phrase)].map(({ 0: found, index }) => ({ found, index, instead }));
  });
  return findings
    .toSorted((one, other) => one.index - other.index)
    .map(({ found, index, instead }) => {
      const line = prose.slice(0, index).split('\n').length;
      return `${path}:${line}: "${found.replaceAll(/\s+/g, ' ')}": write "${instead}"`;
    });
}

function blankCode(text: string): string {
  return text.replaceAll(/`[^`\n]*`/g, blank);
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}
