import type { BuiltQuery, DialectLike } from '../drizzle/database.js';
import { at, type Entity, isEntity } from '../drizzle/entities.js';
import { DeferredSql } from './deferred-sql.js';
import { type QueryShape, QueryShapes } from './query-shape.js';
import { QueryTemplates, type Template } from './query-templates.js';
import { relationalParts } from './relational-parts.js';

/** What builds relational queries in 0.45, by dialect and mode. */
const RELATIONAL = [
  'buildRelationalQueryWithoutPK',
  'buildRelationalQuery',
  'buildRelationalQueryWithoutLateralSubqueries',
] as const;

/** Of which template a query is whose answers Drizzle's own columns and decoders read, and nothing else. */
export type TemplateOf = WeakMap<BuiltQuery, Template>;

/** A query that is put together only if nobody knows how it is written. */
interface Deferred {
  readonly sql: DeferredSql;
  readonly shape: () => QueryShape | undefined;
  /** What Drizzle makes of a query besides its SQL: told by the template, or made with the SQL. */
  readonly rest?: { told: object | undefined; readonly make: () => object } | undefined;
}

type Build = (this: DialectLike, given: unknown, ...more: unknown[]) => unknown;

/**
 * Lets `dialect` write queries of a shape that it has written before without putting their SQL together: in 0.45 that
 * takes longer than everything else that a hit needs.
 */
export function withTemplates(dialect: DialectLike, templateOf: TemplateOf): DialectLike {
  const templated = Object.create(dialect) as DialectLike;
  const templates = new QueryTemplates();
  const deferred = new WeakMap<object, Deferred>();
  /** Known with the first query: what Drizzle's SQL looks like. */
  let like: { readonly sql: Entity; readonly shapes: QueryShapes } | undefined;

  replace(
    'buildSelectQuery',
    (build) =>
      function (given, ...more) {
        if (like === undefined || more.length > 0 || !isEntity(given)) {
          const built = build.call(this, given, ...more);
          if (isEntity(built)) like ??= { sql: built, shapes: new QueryShapes(built) };
          return built;
        }
        const { shapes } = like;
        const config = snapshotOf(given, shapes);
        const sql = new DeferredSql(like.sql, () => build.call(this, config));
        deferred.set(sql.standIn, { sql, shape: () => shapes.of(config) });
        return sql.standIn;
      },
  );

  for (const method of RELATIONAL) {
    replace(
      method,
      (build) =>
        function (given, ...more) {
          const nested = at(given, 'nestedQueryRelation') !== undefined || at(given, 'joinOn') !== undefined;
          if (like === undefined || more.length > 0 || !isEntity(given) || nested)
            return build.call(this, given, ...more);
          const { shapes } = like;
          let made: Entity | undefined;
          const make = (): Entity => {
            made ??= build.call(this, given) as Entity;
            return made;
          };
          const sql = new DeferredSql(like.sql, () => make()['sql']);
          const rest = { told: undefined, make };
          deferred.set(sql.standIn, { sql, rest, shape: () => relationalShape(shapes, method, given) });
          return relationalResult(sql.standIn, rest);
        },
    );
  }

  templated.sqlToQuery = function (this: DialectLike, sql, ...more): BuiltQuery {
    const write = (): BuiltQuery => dialect.sqlToQuery.call(this, sql, ...more);
    const found = isEntity(sql) && more.length === 0 ? deferred.get(sql) : undefined;
    // Who looked into it may have changed it.
    const shape = found === undefined || found.sql.isPutTogether ? undefined : found.shape();
    if (found === undefined || shape === undefined) return write();
    const known = templates.build(shape);
    if (known === undefined) {
      const built = write();
      templates.learn(shape, built, found.rest?.make());
      return built;
    }
    const { built, template } = known;
    if (found.rest !== undefined) found.rest.told = template.rest;
    if (shape.ownDecoders) templateOf.set(built, template);
    return built;
  };
  return templated;

  function replace(method: string, by: (build: Build) => Build): void {
    const build = at(dialect, method);
    if (typeof build === 'function') Reflect.set(templated, method, by(build as Build));
  }
}

/** `config` as it is now: builders go on changing theirs, lists and all. */
function snapshotOf(config: Entity, shapes: QueryShapes): object {
  const copy: Record<string, unknown> = { ...config };
  for (const name of Object.keys(copy)) {
    const value = copy[name];
    if (Array.isArray(value)) copy[name] = value.slice();
  }
  const { fields } = copy;
  // Nobody changes the columns of a table, whose number is shorter than they are.
  if (isEntity(fields) && !shapes.knows(fields)) copy['fields'] = { ...fields };
  return copy;
}

function relationalShape(shapes: QueryShapes, method: string, given: Entity): QueryShape | undefined {
  const { schema, tableConfig } = given;
  const parts = relationalParts(given);
  if (!isEntity(schema) || !isEntity(tableConfig) || parts === undefined) return undefined;
  if (!shapes.knows(schema)) for (const table of Object.values(schema)) shapes.learnColumns(at(table, 'columns'));
  const shape = shapes.of([method, parts], schema, tableConfig);
  // How an answer is read is a part of what the template tells.
  return shape?.decodersTold ? shape : undefined;
}

/** What a relational query is built into. Callers write its SQL before they ask for anything else. */
function relationalResult(sql: object, rest: NonNullable<Deferred['rest']>): object {
  const told = (name: string) => Reflect.get(rest.told ?? rest.make(), name) as unknown;
  return {
    sql,
    get tableTsKey(): unknown {
      return told('tableTsKey');
    },
    get selection(): unknown {
      return told('selection');
    },
  };
}
