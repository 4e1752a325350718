import type { BuiltQuery, DialectLike } from '../objects/database.js';
import { at, type Entity, isEntity } from '../objects/entities.js';
import { DeferredQuery } from './deferred-query.js';
import { isCombined, type QueryShape, QueryShapes } from './query-shape.js';
import { QueryTemplates } from './query-templates.js';
import { calledOnce, RelationalParts } from './relational-parts.js';

/** The methods that build relational queries in 0.45, by dialect and mode. */
const RELATIONAL = [
  'buildRelationalQueryWithoutPK',
  'buildRelationalQuery',
  'buildRelationalQueryWithoutLateralSubqueries',
] as const;

type Build = (this: DialectLike, config: unknown, ...more: unknown[]) => unknown;

/**
 * A dialect that writes a query of a known shape without building its SQL. In 0.45, building it takes longer than all the rest of a
 * hit.
 */
export function withTemplates(dialect: DialectLike): DialectLike {
  const templated = Object.create(dialect) as DialectLike;
  const templates = new QueryTemplates();
  /** A piece of Drizzle's SQL, and what depends on it. Known with the first query. */
  let like: Like | undefined;

  replace(
    'buildSelectQuery',
    (build) =>
      function (input, ...more) {
        if (like === undefined || more.length > 0 || !isEntity(input) || isCombined(input)) {
          const built = build.call(this, input, ...more);
          if (isEntity(built)) like ??= likeOf(built);
          return built;
        }
        const { shapes } = like;
        const config = snapshotOf(input, shapes);
        const parts = { owner: templates, build: () => build.call(this, config), shape: () => shapes.of(config, this) };
        return new DeferredQuery(like.sql, parts).sql;
      },
  );

  for (const method of RELATIONAL) {
    replace(
      method,
      (build) =>
        function (input, ...more) {
          const nested = at(input, 'nestedQueryRelation') !== undefined || at(input, 'joinOn') !== undefined;
          const once = nested ? undefined : calledOnce(at(input, 'queryConfig'));
          if (like === undefined || more.length > 0 || !isEntity(input) || once === undefined) {
            return build.call(this, input, ...more);
          }
          const known = like;
          const config = { ...input, queryConfig: once.config };
          let builtQuery: Entity | undefined;
          const rest = (): Entity => {
            builtQuery ??= build.call(this, config) as Entity;
            return builtQuery;
          };
          const shape = () => relationalShape(known, method, config, this);
          const parts = { owner: templates, build: () => rest()['sql'], shape, rest };
          return relationalResult(new DeferredQuery(like.sql, parts));
        },
    );
  }

  templated.sqlToQuery = function (this: DialectLike, sql, ...more): BuiltQuery {
    const deferred = more.length === 0 ? DeferredQuery.of(templates, sql) : undefined;
    const shape = deferred?.shape;
    if (deferred === undefined || shape === undefined) return dialect.sqlToQuery.call(this, sql, ...more);
    const known = templates.build(shape);
    if (known !== undefined) {
      deferred.restOfTemplate = known.rest;
      return known.built;
    }
    const built = dialect.sqlToQuery.call(this, sql);
    templates.learn(shape, built, deferred.rest);
    return built;
  };
  return templated;

  function replace(method: string, by: (build: Build) => Build): void {
    const build = at(dialect, method);
    if (typeof build === 'function') Reflect.set(templated, method, by(build as Build));
  }
}

interface Like {
  readonly sql: Entity;
  readonly shapes: QueryShapes;
  readonly relational: RelationalParts;
}

function likeOf(sql: Entity): Like {
  const shapes = new QueryShapes(sql);
  return { sql, shapes, relational: new RelationalParts(shapes) };
}

/** A copy of `config`, whose builder may still change it and the lists in it. */
function snapshotOf(config: Entity, shapes: QueryShapes): object {
  const copy: Record<string, unknown> = { ...config };
  for (const name of Object.keys(copy)) {
    const value = copy[name];
    if (Array.isArray(value)) copy[name] = value.slice();
  }
  const { fields } = copy;
  // The columns of a table do not change, and as the same object a number represents them.
  if (isEntity(fields) && !shapes.knows(fields)) copy['fields'] = { ...fields };
  return copy;
}

function relationalShape(
  { shapes, relational }: Like,
  method: string,
  build: Entity,
  dialect: DialectLike,
): QueryShape | undefined {
  const { schema, tableConfig } = build;
  const parts = relational.of(build);
  if (!isEntity(schema) || !isEntity(tableConfig) || parts === undefined) return undefined;
  if (!shapes.knows(schema)) for (const table of Object.values(schema)) shapes.learnColumns(at(table, 'columns'));
  const shape = shapes.of([method, parts], dialect, schema, tableConfig);
  // A template of a relational query contains how its result is decoded.
  return shape?.hasDecoders ? shape : undefined;
}

/** The result of building a relational query. Drizzle writes its SQL before it reads the rest. */
function relationalResult(query: DeferredQuery): object {
  return {
    sql: query.sql,
    get tableTsKey(): unknown {
      return at(query.rest, 'tableTsKey');
    },
    get selection(): unknown {
      return at(query.rest, 'selection');
    },
  };
}
