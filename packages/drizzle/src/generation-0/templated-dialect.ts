import type { BuiltQuery, DialectLike } from '../objects/database.js';
import { at, type Entity, isEntity } from '../objects/entities.js';
import { DeferredQuery } from './deferred-query.js';
import { isCombined, type QueryShape, QueryShapes } from './query-shape.js';
import { QueryTemplates } from './query-templates.js';
import { calledOnce, RelationalParts } from './relational-parts.js';

/** What builds relational queries in 0.45, by dialect and mode. */
const RELATIONAL = [
  'buildRelationalQueryWithoutPK',
  'buildRelationalQuery',
  'buildRelationalQueryWithoutLateralSubqueries',
] as const;

type Build = (this: DialectLike, given: unknown, ...more: unknown[]) => unknown;

/**
 * Lets `dialect` write queries of a shape that it has written before without putting their SQL together: in 0.45 that
 * takes longer than everything else that a hit needs.
 */
export function withTemplates(dialect: DialectLike): DialectLike {
  const templated = Object.create(dialect) as DialectLike;
  const templates = new QueryTemplates();
  /** Known with the first query: what Drizzle's SQL looks like. */
  let like: Like | undefined;

  replace(
    'buildSelectQuery',
    (build) =>
      function (given, ...more) {
        if (like === undefined || more.length > 0 || !isEntity(given) || isCombined(given)) {
          const built = build.call(this, given, ...more);
          if (isEntity(built)) like ??= likeOf(built);
          return built;
        }
        const { shapes } = like;
        const config = snapshotOf(given, shapes);
        const parts = { owner: templates, build: () => build.call(this, config), shape: () => shapes.of(config, this) };
        return new DeferredQuery(like.sql, parts).sql;
      },
  );

  for (const method of RELATIONAL) {
    replace(
      method,
      (build) =>
        function (given, ...more) {
          const nested = at(given, 'nestedQueryRelation') !== undefined || at(given, 'joinOn') !== undefined;
          const asked = nested ? undefined : calledOnce(at(given, 'queryConfig'));
          if (like === undefined || more.length > 0 || !isEntity(given) || asked === undefined) {
            return build.call(this, given, ...more);
          }
          const known = like;
          const config = { ...given, queryConfig: asked.config };
          let made: Entity | undefined;
          const rest = (): Entity => {
            made ??= build.call(this, config) as Entity;
            return made;
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
      deferred.told = known.rest;
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

function relationalShape(
  { shapes, relational }: Like,
  method: string,
  given: Entity,
  dialect: DialectLike,
): QueryShape | undefined {
  const { schema, tableConfig } = given;
  const parts = relational.of(given);
  if (!isEntity(schema) || !isEntity(tableConfig) || parts === undefined) return undefined;
  if (!shapes.knows(schema)) for (const table of Object.values(schema)) shapes.learnColumns(at(table, 'columns'));
  const shape = shapes.of([method, parts], dialect, schema, tableConfig);
  // How an answer is read is a part of what the template tells.
  return shape?.decodersTold ? shape : undefined;
}

/** What a relational query is built into. Callers write its SQL before they ask for anything else. */
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
