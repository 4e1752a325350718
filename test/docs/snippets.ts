import { dirname, join } from 'node:path';
import ts from 'typescript';
import { type CodeBlock, codeBlocks, ROOT, readPage } from './markdown.js';

const CLIENT = join(ROOT, 'test/fixtures/blog/generated/client/client.ts');
/** What the pages call their generated client. */
export const CLIENT_SPECIFIER = './generated/prisma/client.js';

/** What pages speak of without introducing it. */
const GIVEN = `
import type { cachetastic } from '@cachetastic/prisma-extension';
import type { PrismaClient } from '${CLIENT_SPECIFIER}';
declare const extension: ReturnType<typeof cachetastic>;
declare const made: PrismaClient;
const extended = made.$extends(extension);
declare global {
  const base: PrismaClient;
  const db: typeof extended;
  const where: { id: number };
  const data: { name: string };
  const id: number;
  const postId: number;
  const sql: string;
  function countUsers(): Promise<number>;
  function insertUser(): Promise<void>;
}
`;

/** The module that pages call `./schema.js`, for Drizzle. */
const SCHEMA = join(ROOT, 'test/docs/drizzle-schema.ts');
export const SCHEMA_SPECIFIER = './schema.js';

/** What pages speak of in Drizzle's words without introducing it. */
const GIVEN_DRIZZLE = `
import { type Cached, withCachetastic } from '@cachetastic/drizzle';
import { and, desc, eq, gt, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { pgView, integer, text } from 'drizzle-orm/pg-core';
import * as schema from './drizzle-schema.js';
declare const plain: NodePgDatabase<typeof schema>;
declare const db: Cached<typeof plain>;
declare const id: number;
declare const tenantId: string;
const { users, posts, comments } = schema;
export { and, comments, db, desc, eq, gt, id, integer, pgView, plain, posts, schema, sql, tenantId, text, users, withCachetastic };
`;

/** Whether a block speaks of Drizzle: under a heading that says so. All such blocks of a page are one program. */
export function isDrizzle({ headings }: CodeBlock): boolean {
  return headings.some((heading) => /drizzle/i.test(heading));
}

/** The errors of the type checker in the ts blocks of `pages`, each with its page and line. */
export function typeErrors(pages: readonly string[]): readonly string[] {
  const texts = new Map(
    pages.flatMap((page) => {
      const path = join(ROOT, 'test/docs', page.replaceAll('/', '.'));
      return [
        [`${path}.ts`, asModule(page, false)],
        [`${path}.drizzle.ts`, asModule(page, true)],
      ] as const;
    }),
  );
  const given = join(ROOT, 'test/docs/given.ts');
  const files = new Map([...texts, [given, GIVEN], [join(ROOT, 'test/docs/given-drizzle.ts'), GIVEN_DRIZZLE]]);
  const options = compilerOptions();
  const host = hostWith(files, options);
  const program = ts.createProgram([...files.keys()], options, host);

  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    if (source === undefined) return [`${file} was not read`];
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ start = 0, messageText }) => {
        const { line } = source.getLineAndCharacterOfPosition(start);
        return `${file.slice(dirname(file).length + 1)}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      },
    );
  });
}

/** The code of a page at the lines where the page has it. Without imports, each block is a function of its own. */
function asModule(path: string, drizzle: boolean): string {
  const page = readPage(path);
  const blocks = codeBlocks(page).filter((block) => block.language === 'ts' && isDrizzle(block) === drizzle);
  const whole = blocks.some(({ code }) => /^import /m.test(code));
  const lines = page.split('\n').map(() => '');
  for (const { code, line } of blocks) {
    const block = code.trimEnd().split('\n');
    lines[line - 2] = whole ? '' : 'void (async () => {';
    lines.splice(line - 1, block.length, ...block);
    lines[line - 1 + block.length] = whole ? '' : '});';
  }
  if (drizzle && blocks.length > 0) lines[0] = importOf(whole ? blocks.map(({ code }) => code).join('\n') : '');
  return `${lines.join('\n')}\nexport {};\n`;
}

/** Imports what is given in Drizzle's words, less what `code` declares or imports itself. */
function importOf(code: string): string {
  const names = /export \{ (.*) \}/.exec(GIVEN_DRIZZLE)?.[1]?.split(', ') ?? [];
  const declared = [...code.matchAll(/^(?:import|const|let) (.*?)(?: from | = )/gm)]
    .map(([, name = '']) => name)
    .join(' ');
  const missing = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(declared));
  return `import { ${missing.join(', ')} } from './given-drizzle.js';`;
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(ROOT, 'test/tsconfig.json');
  const { config } = ts.readConfigFile(file, ts.sys.readFile) as { readonly config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(file));
  return { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
}

/** The files behind what pages import from their own project. */
const FILES = new Map([
  [CLIENT_SPECIFIER, CLIENT],
  [SCHEMA_SPECIFIER, SCHEMA],
]);

function hostWith(files: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = files.get(file);
    return text === undefined ? getSourceFile(file, version, ...rest) : ts.createSourceFile(file, text, version, true);
  };
  host.resolveModuleNameLiterals = (literals, containing, redirected, given, source) =>
    literals.map((literal) => {
      const name = (FILES.get(literal.text) ?? literal.text).replace(/\.ts$/, '.js');
      const mode = ts.getModeForUsageLocation(source, literal, given);
      return ts.resolveModuleName(name, containing, given, host, undefined, redirected, mode);
    });
  return host;
}

/** A statement of a program, and what its comment claims. */
export interface Statement {
  readonly text: string;
  /** The comment behind it, on its last line. */
  readonly claim: string | undefined;
}

/** The statements of `code`, and the modules that it imports by their names. */
export function statementsOf(code: string): { readonly statements: readonly Statement[]; readonly imports: string } {
  const source = ts.createSourceFile('page.ts', code, ts.ScriptTarget.ES2023, true);
  const imports: string[] = [];
  const statements: Statement[] = [];
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const names = (statement.importClause?.namedBindings?.getText(source) ?? '{}').replace(/^\* as /, '');
      imports.push(`const ${names} = modules[${statement.moduleSpecifier.getText(source)}];`);
      continue;
    }
    const [comment] = ts.getTrailingCommentRanges(code, statement.end) ?? [];
    const claim = comment === undefined ? undefined : code.slice(comment.pos + 2, comment.end).trim();
    statements.push({ text: statement.getText(source), claim });
  }
  return { statements, imports: imports.join('\n') };
}
