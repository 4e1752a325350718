import type { Dependency, Facts } from '../match/footprint.js';
import type { ReadAnalysis } from '../schema/analysis.js';
import type { Declarations, DeclaredTables } from '../schema/declarations.js';
import { columnCalled, joinTablesCalled, modelsCalled } from '../schema/names.js';
import { factsOf, uniqueColumns } from '../schema/row-facts.js';
import type { Model, Schema } from '../schema/schema.js';
import type { ParsedSql, ParsedStatement } from './parsed-sql.js';
import { meansPresentIn } from './present-strings.js';
import type { SqlEquality } from './statement/conditions.js';
import type { SqlRelation } from './statement/relations.js';
import { boundValue } from './statement/values.js';
import { unknownIn } from './unknown-relations.js';

/** What a read is analysed with. */
export interface ReadContext {
  readonly schema: Schema;
  readonly declarations: Declarations;
  /** Tables that the application declared: they count in addition to those that the SQL names, and unknown names do not matter. */
  readonly declared?: DeclaredTables | undefined;
}

/**
 * What the query in `parsed` depends on: every relation that it names, narrowed to one row where its outermost conditions
 * say what a unique column is.
 */
export function analyseRead(
  { schema, declarations, declared }: ReadContext,
  parsed: ParsedSql,
  parameters: readonly unknown[],
): ReadAnalysis {
  const refused = (reason: string): ReadAnalysis => ({ cacheable: false, reason });
  const [statement, ...others] = parsed.statements;
  if (parsed.unreadable !== undefined) return refused(`not-analysable: ${parsed.unreadable}`);
  if (statement === undefined || others.length > 0) return refused('not-analysable: not one statement');
  if (!parsed.readOnly) return refused(parsed.locking ? 'locking' : 'not-analysable: it may write');
  if (parsed.volatile || meansPresentIn(schema, statement, parameters)) return refused('volatile');
  // In a degraded schema it is unknown which tables are views.
  const unknown = declared === undefined ? (schema.degraded ?? unknownIn(schema, statement.from)) : undefined;
  if (unknown !== undefined) return refused(`not-analysable: ${unknown}`);

  const reached = new Reached(declarations);
  const facts = new OutermostFacts(statement, parameters);
  for (const model of declared?.models ?? []) reached.add(model, undefined);
  reached.addLinks(declared?.joinTables ?? []);
  for (const relation of statement.from.relations) {
    const models = modelsCalled(schema, relation.name);
    const joinTables = joinTablesCalled(schema, relation.name);
    reached.addLinks(joinTables);
    // A common table expression may have the name of a table that another part of the statement means.
    for (const model of models) {
      const alone = models.length + joinTables.length === 1;
      const certain = alone && !model.isView && statement.from.unknown === undefined;
      const only = certain ? facts.of(relation, model) : undefined;
      reached.add(model, only);
    }
  }
  // An application that declares what a query reads also declares what its views read.
  const refusal = reached.excluded ?? (declared === undefined ? reached.opaque : undefined);
  return refusal === undefined
    ? { cacheable: true, footprint: { dependencies: distinct(reached.dependencies), tags: [] } }
    : refused(`not-analysable: ${refusal}`);
}

/** The model whose options hold for the query in `parsed`: what its outermost query reads first. */
export function mainModelOf(schema: Schema, { statements: [statement] }: ParsedSql): Model | undefined {
  const relations = statement?.from.relations ?? [];
  const main = relations.find(({ outermost }) => outermost) ?? relations[0];
  return main === undefined ? undefined : modelsCalled(schema, main.name)[0];
}

/** The tables that a view reads by its definition in `parsed`; `undefined` if they cannot all be determined. */
export function viewReads(schema: Schema, parsed: ParsedSql): DeclaredTables | undefined {
  const [statement, ...others] = parsed.statements;
  // A function may read other tables, and a view that depends on the caller has another result for each caller.
  if (statement === undefined || others.length > 0 || !parsed.readOnly || parsed.volatile) return undefined;
  if (meansPresentIn(schema, statement, []) || unknownIn(schema, statement.from) !== undefined) return undefined;
  const names = statement.from.relations.map(({ name }) => name);
  return {
    models: names.flatMap((name) => modelsCalled(schema, name)),
    joinTables: names.flatMap((name) => joinTablesCalled(schema, name)),
  };
}

/** Collects the tables that a query reads, views with the tables that they read. */
class Reached {
  readonly dependencies: Dependency[] = [];
  /** Why it must not be cached, whatever is declared. */
  excluded: string | undefined;
  /** Why the tables that it reads are unknown. */
  opaque: string | undefined;
  readonly #declarations: Declarations;
  readonly #views = new Set<Model>();

  constructor(declarations: Declarations) {
    this.#declarations = declarations;
  }

  add(model: Model, where: Facts | undefined): void {
    this.dependencies.push(where === undefined ? { model: model.table } : { model: model.table, where });
    if (this.#declarations.isExcluded(model)) this.excluded ??= this.#declarations.exclusionOf(model);
    if (this.#views.has(model)) return;
    this.#views.add(model);
    const reads = this.#declarations.reads(model);
    if (reads === undefined) this.opaque ??= `the tables that view ${model.name} reads are unknown`;
    for (const read of reads?.models ?? []) this.add(read, undefined);
    this.addLinks(reads?.joinTables ?? []);
  }

  addLinks(joinTables: readonly string[]): void {
    for (const model of joinTables) this.dependencies.push({ model });
  }
}

/** What the outermost conditions of one statement imply about the rows that it reads. */
class OutermostFacts {
  readonly #statement: ParsedStatement;
  readonly #parameters: readonly unknown[];
  /** How many outermost relations have a name. */
  readonly #outermost = new Map<string, number>();
  /** The equalities by the qualifier of their column. */
  readonly #equalities = new Map<string | undefined, SqlEquality[]>();

  constructor(statement: ParsedStatement, parameters: readonly unknown[]) {
    this.#statement = statement;
    this.#parameters = parameters;
    for (const { outermost, alias } of statement.from.relations)
      if (outermost) this.#outermost.set(alias, (this.#outermost.get(alias) ?? 0) + 1);
    for (const equality of statement.equalities) {
      const known = this.#equalities.get(equality.qualifier);
      if (known === undefined) this.#equalities.set(equality.qualifier, [equality]);
      else known.push(equality);
    }
  }

  /** What they imply about the unique columns of `relation`, which is `model`. */
  of(relation: SqlRelation, model: Model): Facts | undefined {
    if (!relation.outermost || relation.renames || this.#outermost.get(relation.alias) !== 1) return undefined;
    // The name belongs to a bracket, so the relation has another one.
    if (this.#statement.from.derived.has(relation.alias)) return undefined;
    const alone = this.#statement.from.relations.length === 1;
    const equalities = [
      ...(alone ? (this.#equalities.get(undefined) ?? []) : []),
      ...(this.#equalities.get(relation.alias) ?? []),
    ];
    const values = new Map<string, unknown>();
    for (const { column, value } of equalities) {
      const field = columnCalled(model, column);
      if (field !== undefined && !values.has(field.name)) values.set(field.name, boundValue(value, this.#parameters));
    }
    return factsOf(uniqueColumns(model), ({ name }) => values.get(name));
  }
}

function distinct(dependencies: readonly Dependency[]): readonly Dependency[] {
  const whole = new Set(dependencies.filter(({ where }) => where === undefined).map(({ model }) => model));
  const kept = new Map<string, Dependency>();
  for (const dependency of dependencies) {
    const narrowed = dependency.where !== undefined;
    if (narrowed && whole.has(dependency.model)) continue;
    kept.set(JSON.stringify(dependency), dependency);
  }
  return [...kept.values()];
}
