import type { Change, Dependency } from '@cachetastic/core';
import {
  analyseRaw,
  changesByItself,
  Declarations,
  type DeclaredModels,
  KnownFunctions,
  type Model,
  type RawAnalysis,
  type ReadAnalysis,
  type Schema,
  type SqlText,
  SqlTexts,
  type WriteAnalysis,
} from '@cachetastic/core/sql';
import type { Analyzer } from './analyzer.js';
import { isArguments, NotAnalysableError } from './arguments.js';
import { comparesExactly } from './exact-keys.js';
import { ReadDependencies } from './read-dependencies.js';
import { readFootprint } from './read-footprint.js';
import { writeChanges } from './write-changes.js';

/** Options of the analysis, as the extension's options hold them. */
export interface AnalyzerOptions {
  /** By Prisma's model name. Other properties of a model's options are the extension's business. */
  readonly models?: DeclaredModels | undefined;
  /** What the functions do that raw SQL calls. @defaultValue as the lists of the databases' own say */
  readonly functions?: KnownFunctions | undefined;
}

/**
 * The analyzer for `schema`.
 *
 * @throws {@link InvalidOptionError} for a declaration that names a model which the schema lacks.
 */
export function createAnalyzer(schema: Schema, options: AnalyzerOptions = {}): Analyzer {
  const { models = {}, functions = new KnownFunctions(schema.provider) } = options;
  return new SchemaAnalyzer(schema, new Declarations(schema, models), functions);
}

/** How many raw texts are remembered at most. */
const MOST_TEXTS = 500;
const LONGEST_TEXT = 10_000;

class SchemaAnalyzer implements Analyzer {
  readonly #schema: Schema;
  readonly #declarations: Declarations;
  readonly #functions: KnownFunctions;
  readonly #texts: SqlTexts;
  readonly #raw = new Map<string, RawAnalysis>();
  #tables: ReadonlySet<string> | undefined;
  /** What was known of functions when `raw` was filled. */
  #version = 0;

  constructor(schema: Schema, declarations: Declarations, functions: KnownFunctions) {
    this.#schema = schema;
    this.#declarations = declarations;
    this.#functions = functions;
    this.#texts = new SqlTexts(schema.provider, functions);
  }

  read(model: string, operation: string, args: unknown): ReadAnalysis {
    return readFootprint(this.#schema, this.#declarations, model, operation, args);
  }

  write(model: string, operation: string, args: unknown, result: unknown): WriteAnalysis {
    return writeChanges(this.#schema, this.#declarations, model, operation, args, result);
  }

  comparesExactly(model: string, args: unknown): boolean {
    return isArguments(args) && comparesExactly(this.#schema.models.get(model), args['where']);
  }

  text(sql: string): SqlText {
    return this.#texts.read(sql);
  }

  raw(sql: string, values: readonly unknown[] = []): RawAnalysis {
    const known = this.#rawOf(sql);
    return { ...known, volatile: changesByItself(this.#schema, this.text(sql), values) };
  }

  #rawOf(sql: string): RawAnalysis {
    const { version } = this.#functions;
    if (version !== this.#version) this.#raw.clear();
    this.#version = version;
    const known = this.#raw.get(sql);
    if (known !== undefined) return known;
    const analysis = analyseRaw(this.#schema, this.#declarations, this.text(sql));
    // Applications repeat few texts; those that build endless ones must not fill the memory.
    if (this.#raw.size >= MOST_TEXTS) this.#raw.clear();
    if (sql.length <= LONGEST_TEXT) this.#raw.set(sql, analysis);
    return analysis;
  }

  declared(option: string, models: readonly string[], sql: string): ReadAnalysis {
    const { named } = this.#rawOf(sql);
    const tables = new Set([...this.#tablesOf(option, models), ...this.#tablesReadBy(named)]);
    for (const model of this.#schema.models.values()) {
      if (!tables.has(model.table) || !this.#declarations.isExcluded(model)) continue;
      return { cacheable: false, reason: `not-analysable: ${this.#declarations.exclusionOf(model)}` };
    }
    const dependencies = [...tables].map((model): Dependency => ({ model }));
    return { cacheable: true, footprint: { dependencies, tags: [] } };
  }

  hasTable(table: string): boolean {
    this.#tables ??= new Set(
      [...this.#schema.models.values()]
        .map((model) => model.table)
        .concat([...this.#schema.joinTables.keys()])
        .map((name) => name.toLowerCase()),
    );
    return this.#tables.has(table);
  }

  /** `tables`, and what is read by those that are views. */
  #tablesReadBy(tables: readonly string[]): readonly string[] {
    const views = [...this.#schema.models.values()].filter(({ table }) => tables.includes(table));
    return [...tables, ...views.flatMap((view) => this.#reached(view))];
  }

  whole(option: string, models: readonly string[]): readonly Change[] {
    return this.#tablesOf(option, models).map((model): Change => ({ kind: 'model', model, op: 'any' }));
  }

  /** The tables that `names` stand for: their own, what views read, and those that link them with others. */
  #tablesOf(option: string, names: readonly string[]): readonly string[] {
    const { models, joinTables } = this.#declarations.tables(option, names);
    return [...new Set([...models.flatMap((model) => this.#reached(model)), ...joinTables])];
  }

  #reached(model: Model): readonly string[] {
    const dependencies = new ReadDependencies(this.#schema, this.#declarations);
    try {
      dependencies.reach(model.name);
    } catch (error) {
      // A view that does not say what it reads: whoever names it by hand names the rest by hand as well.
      if (!(error instanceof NotAnalysableError)) throw error;
    }
    return dependencies.list().map((dependency) => dependency.model);
  }
}
