import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const PACKAGES = fileURLToPath(new URL('../packages', import.meta.url));
const CORE = join(PACKAGES, 'core', 'src');
const MAX_LINES = 300;

/** The rooms of core, top to bottom: a file imports from its own room or from rooms below it. A lone file is a room. */
const ROOMS = [
  'testing/',
  'adapter/',
  'index.ts',
  'query-cache/',
  'observe/',
  'write/',
  'read/',
  'joined-schema/',
  'sql/',
  'sql/statement/',
  'sql/tokens/',
  'catalogue/',
  'schema/',
  'redis/',
  'tail/',
  'tier/',
  'telemetry/',
  'entry/',
  'key/',
  'log/',
  'match/',
  'process/',
  'resilience/',
  // The leaves are one room: they import nothing of ours but each other.
  '',
];

interface Source {
  readonly path: string;
  readonly text: string;
  /** Every module it names in an import or export, types included. */
  readonly imports: readonly string[];
}

const sources = readdirSync(PACKAGES, { recursive: true, encoding: 'utf8' })
  .filter((path) => /^[^/]+\/src\/.*\.ts$/.test(path))
  .map((path) => read(join(PACKAGES, path)));

describe('imports of the packages', () => {
  it('form no cycle, types included', () => {
    expect(cyclesOf(new Map(sources.map((source) => [source.path, ownImports(source)])))).toEqual([]);
  });

  it('of core go downward only', () => {
    const upward = sources
      .filter(({ path }) => path.startsWith(CORE))
      .flatMap((source) =>
        ownImports(source)
          .filter((imported) => roomOf(imported) < roomOf(source.path))
          .map((imported) => `${name(source.path)} imports ${name(imported)}, which is above it`),
      );

    expect(upward).toEqual([]);
  });

  it('of adapters reach core by its public name only, and core does not know the adapters', () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter((specifier) => (path.startsWith(CORE) ? isAdapter(specifier) : isDeep(path, specifier)))
        .map((specifier) => `${name(path)} imports ${specifier}`),
    );

    expect(wrong).toEqual([]);
  });
});

it(`no source file is longer than ${MAX_LINES} lines`, () => {
  const long = sources.map(({ path, text }) => [name(path), text.split('\n').length - 1] as const);

  expect(long.filter(([, lines]) => lines > MAX_LINES)).toEqual([]);
});

describe('imports of the Drizzle package', () => {
  const drizzle = sources.filter(({ path }) => path.startsWith(join(PACKAGES, 'drizzle')));
  const outside = (folder: string) => drizzle.filter(({ path }) => !path.includes(`/${folder}/`));

  it.each(['generation-0', 'generation-1'])(
    'reach the code of one generation of Drizzle only in two lines, which import from %s',
    (folder) => {
      const importing = outside(folder).flatMap((source) =>
        ownImports(source)
          .filter((imported) => imported.includes(`/${folder}/`))
          .map((imported) => `${name(source.path)} imports ${name(imported)}`),
      );

      expect(importing.sort()).toEqual([
        `drizzle/src/index.ts imports drizzle/src/${folder}/select-builders.ts`,
        `drizzle/src/intercept/generations.ts imports drizzle/src/${folder}/${folder}.ts`,
      ]);
    },
  );

  it('load Drizzle only in generation-0, and name its symbols in objects/ only', () => {
    const loading = outside('generation-0').filter(({ text }) => /^import (?!type ).* from 'drizzle-orm/m.test(text));
    const symbols = outside('objects').filter(({ text }) => text.includes("Symbol.for('drizzle:"));

    expect([...loading, ...symbols].map(({ path }) => name(path))).toEqual([]);
  });
});

describe('the check of imports', () => {
  it('finds a cycle and names its files', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a']],
    ]);

    expect(cyclesOf(graph)).toEqual(['a -> b -> c -> a']);
  });

  it('finds type imports, re-exports and dynamic imports', () => {
    const text =
      "import type { A } from './a.js'; export * from './b.js'; await import('./c.js'); type D = import('./d.js').D;";

    expect(importsIn(text)).toEqual(['./a.js', './b.js', './c.js', './d.js']);
  });

  it('distinguishes upper from lower rooms', () => {
    const rooms = [
      'query-cache/query-cache.ts',
      'read/single-flight.ts',
      'sql/index.ts',
      'sql/statement/calls.ts',
      'sql/tokens/lexer.ts',
      'schema/schema.ts',
      'clock.ts',
    ].map((path) => roomOf(join(CORE, path)));

    expect(new Set(rooms).size).toBe(rooms.length);
    expect(rooms).toEqual(rooms.toSorted((one, other) => one - other));
  });
});

function read(path: string): Source {
  const text = readFileSync(path, 'utf8');
  return { path, text, imports: importsIn(text) };
}

function importsIn(text: string): readonly string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
}

/** The files of the same package that `source` imports. */
function ownImports({ path, imports }: Source): readonly string[] {
  return imports
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => join(dirname(path), specifier).replace(/\.js$/, '.ts'));
}

function roomOf(path: string): number {
  const inside = relative(CORE, path);
  const around = ROOMS.filter((room) => room === inside || (room.endsWith('/') && inside.startsWith(room)));
  // A room in a room is the innermost of those that hold the file.
  return ROOMS.indexOf(around.reduce((inner, room) => (room.length > inner.length ? room : inner), ''));
}

function isAdapter(specifier: string): boolean {
  return /^(@cachetastic\/|@prisma\/|drizzle)/.test(specifier);
}

function isDeep(path: string, specifier: string): boolean {
  const home = join(PACKAGES, relative(PACKAGES, path).split('/')[0] ?? '');
  const leaves = specifier.startsWith('.') && !join(dirname(path), specifier).startsWith(home);
  return leaves || /^@cachetastic\/[^/]+\/(?!adapter$|redis$|sql$|testing$)/.test(specifier);
}

function name(path: string): string {
  return relative(PACKAGES, path);
}

/** Every import cycle, once, as its chain of files. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, chain: readonly string[]): void => {
    const start = chain.indexOf(file);
    if (start !== -1)
      cycles.push([...chain.slice(start), file].map((one) => one.replace(`${PACKAGES}/`, '')).join(' -> '));
    if (start !== -1 || done.has(file)) return;
    for (const imported of graph.get(file) ?? []) visit(imported, [...chain, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}
