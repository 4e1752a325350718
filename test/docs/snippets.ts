import { dirname, join } from 'node:path';
import ts from 'typescript';
import { codeBlocks, ROOT, readPage } from './markdown.js';

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

/** The errors of the type checker in the ts blocks of `pages`, each with its page and line. */
export function typeErrors(pages: readonly string[]): readonly string[] {
  const texts = new Map(
    pages.map((page) => [join(ROOT, 'test/docs', `${page.replaceAll('/', '.')}.ts`), asModule(page)]),
  );
  const given = join(ROOT, 'test/docs/given.ts');
  const files = new Map([...texts, [given, GIVEN]]);
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
function asModule(path: string): string {
  const page = readPage(path);
  const blocks = codeBlocks(page).filter(({ language }) => language === 'ts');
  const whole = blocks.some(({ code }) => /^import /m.test(code));
  const lines = page.split('\n').map(() => '');
  for (const { code, line } of blocks) {
    const block = code.trimEnd().split('\n');
    lines[line - 2] = whole ? '' : 'void (async () => {';
    lines.splice(line - 1, block.length, ...block);
    lines[line - 1 + block.length] = whole ? '' : '});';
  }
  return `${lines.join('\n')}\nexport {};\n`;
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(ROOT, 'test/tsconfig.json');
  const { config } = ts.readConfigFile(file, ts.sys.readFile) as { readonly config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(file));
  return { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
}

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
      const name = literal.text === CLIENT_SPECIFIER ? CLIENT.replace(/\.ts$/, '.js') : literal.text;
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
      const names = statement.importClause?.namedBindings?.getText(source) ?? '{}';
      imports.push(`const ${names} = modules[${statement.moduleSpecifier.getText(source)}];`);
      continue;
    }
    const [comment] = ts.getTrailingCommentRanges(code, statement.end) ?? [];
    const claim = comment === undefined ? undefined : code.slice(comment.pos + 2, comment.end).trim();
    statements.push({ text: statement.getText(source), claim });
  }
  return { statements, imports: imports.join('\n') };
}
