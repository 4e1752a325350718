import type { Change } from '@cachetastic/core';
import {
  analyseRead,
  analyseWrite,
  Declarations,
  type DeclaredModels,
  inTransaction,
  KnownFunctions,
  type Model,
  type ModelWords,
  mainModelOf,
  type ParsedSql,
  ParsedSqlCache,
  type ReadAnalysis,
  type ReturnedRow,
  type Schema,
  type WriteAnalysis,
} from '@cachetastic/core/sql';
import type { Analyzer, RawSql } from './analyzer.js';
import { isArguments, NotAnalysableError } from './arguments.js';
import { comparesExactly } from './exact-keys.js';
import { ReadDependencies } from './read-dependencies.js';
import { readFootprint } from './read-footprint.js';
import { writeChanges } from './write-changes.js';

const WORDS: ModelWords = { option: 'models', one: 'a model', names: 'model names' };

/** Options of the analysis, as the extension's options hold them. */
export interface AnalyzerOptions {
  /** By Prisma's model name. Other properties of a model's options are the extension's business. */
  readonly models?: DeclaredModels | undefined;
  /** What the functions that raw SQL calls do. @defaultValue the lists of built-in functions */
  readonly functions?: KnownFunctions | undefined;
  /** Joins the schema with the database's catalogue. @defaultValue the schema alone */
  readonly observe?: ((schema: Schema, declared: DeclaredModels) => Schema) | undefined;
}

/**
 * The analyzer for `schema`.
 *
 * @throws {@link InvalidOptionError} for a declaration that names a model which the schema lacks.
 */
export function createAnalyzer(schema: Schema, options: AnalyzerOptions = {}): Analyzer {
  const { models = {}, functions = new KnownFunctions(schema.provider), observe = (known) => known } = options;
  return new SchemaAnalyzer(schema, functions, () => {
    const written = observe(schema, models);
    return { written, declarations: new Declarations(written, models, WORDS) };
  });
}

/** The schema in code, joined with the catalogue of one time. */
interface Observed {
  /** The joined schema, which decides what writes change. */
  readonly written: Schema;
  readonly declarations: Declarations;
}

class SchemaAnalyzer implements Analyzer {
  readonly #schema: Schema;
  readonly #observe: () => Observed;
  readonly #functions: KnownFunctions;
  readonly #parsed: ParsedSqlCache;
  #observed: Observed;
  /** What was known of functions, and with them of the database, when `observed` was filled. */
  #version: number;
  #tables: ReadonlySet<string> | undefined;

  constructor(schema: Schema, functions: KnownFunctions, observe: () => Observed) {
    this.#schema = schema;
    this.#observe = observe;
    this.#observed = observe();
    this.#version = functions.version;
    this.#functions = functions;
    this.#parsed = new ParsedSqlCache(schema.provider, functions);
  }

  refresh(): void {
    void this.#current;
  }

  get #current(): Observed {
    const { version } = this.#functions;
    if (version !== this.#version) {
      this.#version = version;
      this.#observed = this.#observe();
    }
    return this.#observed;
  }

  read(model: string, operation: string, args: unknown): ReadAnalysis {
    return readFootprint(this.#schema, this.#current.declarations, model, operation, args);
  }

  write(model: string, operation: string, args: unknown, result: unknown): WriteAnalysis {
    const { written, declarations } = this.#current;
    return writeChanges(written, declarations, model, operation, args, result);
  }

  comparesExactly(model: string, args: unknown): boolean {
    return isArguments(args) && comparesExactly(this.#schema.models.get(model), args['where']);
  }

  parse(sql: string): ParsedSql {
    return this.#parsed.parse(sql);
  }

  mainModel(sql: string): Model | undefined {
    return mainModelOf(this.#schema, this.parse(sql));
  }

  readRaw({ text, values }: RawSql, option: string, declared: readonly string[] | undefined): ReadAnalysis {
    const { declarations } = this.#current;
    const tables = declared && declarations.tables(option, declared);
    return analyseRead({ schema: this.#schema, declarations, declared: tables }, this.parse(text), values);
  }

  writeRaw(
    { text: sql, values, inTransaction: within }: RawSql,
    rows: readonly ReturnedRow[] | undefined,
  ): WriteAnalysis {
    const { written, declarations } = this.#current;
    // While the statement ran, the cache may have learned what its functions do.
    const text = this.parse(sql);
    return analyseWrite(written, declarations, within === true ? inTransaction(text) : text, values, rows);
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

  whole(option: string, models: readonly string[]): readonly Change[] {
    return this.#tablesOf(option, models).map((model): Change => ({ kind: 'model', model, op: 'any' }));
  }

  /** The tables that `names` stand for: their own, what views read, and those that link them with others. */
  #tablesOf(option: string, names: readonly string[]): readonly string[] {
    const { models, joinTables } = this.#current.declarations.tables(option, names);
    return [...new Set([...models.flatMap((model) => this.#reached(model)), ...joinTables])];
  }

  #reached(model: Model): readonly string[] {
    const dependencies = new ReadDependencies(this.#schema, this.#current.declarations);
    try {
      dependencies.reach(model.name);
    } catch (error) {
      // A view without `dependsOn`: an application that names it also names the tables that it reads.
      if (!(error instanceof NotAnalysableError)) throw error;
    }
    return dependencies.list().map((dependency) => dependency.model);
  }
}
