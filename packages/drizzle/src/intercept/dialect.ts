import type { DialectLike } from '../objects/database.js';
import { at } from '../objects/entities.js';
import { GENERATIONS } from './generations.js';
import type { Parts } from './interception.js';

/** The methods that build queries of tables and views, of which the SQL then shows the names alone. */
const BUILDERS = ['buildSelectQuery', 'buildUpdateQuery', 'buildDeleteQuery'] as const;

/** `dialect`, which makes the tables and views of its queries known. */
export function interceptDialect(
  dialect: DialectLike,
  { parsedSql, tables }: Pick<Parts, 'parsedSql' | 'tables'>,
): DialectLike {
  const writing = GENERATIONS.reduce((faster, { accelerate }) => accelerate?.(faster) ?? faster, dialect);
  const derived = Object.create(writing) as DialectLike;
  for (const method of BUILDERS) {
    const build = at(writing, method);
    if (typeof build !== 'function') continue;
    Reflect.set(derived, method, function (this: DialectLike, config: unknown, ...more: unknown[]): unknown {
      const joins = at(config, 'joins');
      tables.learn(at(config, 'table'));
      tables.learn(at(config, 'from'));
      if (Array.isArray(joins)) for (const join of joins) tables.learn(at(join, 'table'));
      return build.call(this, config, ...more);
    });
  }
  for (const method of ['sqlToQuery', '_sqlToQuery'] as const) {
    const write = writing[method];
    if (write === undefined) continue;
    derived[method] = function (this: DialectLike, sql, ...more) {
      const built = write.call(this, sql, ...more);
      const isKnown = GENERATIONS.some(({ wroteItself }) => wroteItself?.(built)) || parsedSql.knows(built.sql);
      if (!isKnown) tables.learn(sql);
      return built;
    };
  }
  return derived;
}
