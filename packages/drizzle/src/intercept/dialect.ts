import type { BuiltQuery, DialectLike } from '../drizzle/database.js';
import { at } from '../drizzle/entities.js';
import { type TemplateOf, withTemplates } from '../template/templated-dialect.js';

/** What builds queries of tables and views that their SQL then only names. */
const BUILDERS = ['buildSelectQuery', 'buildUpdateQuery', 'buildDeleteQuery'] as const;

/**
 * `dialect`, remembering what each query was made of.
 *
 * @param templateOf - Hears of queries that were written by a template.
 * @param learn - Hears the tables and views that a query joins.
 */
export function deriveDialect(
  dialect: DialectLike,
  origins: WeakMap<BuiltQuery, unknown>,
  templateOf: TemplateOf,
  learn: (joined: unknown) => void,
): DialectLike {
  // 1.0 builds a query as fast as anybody could tell what it is built of.
  const writing = at(dialect, 'mapperGenerators') === undefined ? withTemplates(dialect, templateOf) : dialect;
  const derived = Object.create(writing) as DialectLike;
  for (const method of BUILDERS) {
    const build = at(writing, method);
    if (typeof build !== 'function') continue;
    Reflect.set(derived, method, function (this: DialectLike, config: unknown, ...more: unknown[]): unknown {
      const joins = at(config, 'joins');
      learn(at(config, 'table'));
      learn(at(config, 'from'));
      if (Array.isArray(joins)) for (const join of joins) learn(at(join, 'table'));
      return build.call(this, config, ...more);
    });
  }
  for (const method of ['sqlToQuery', '_sqlToQuery'] as const) {
    const write = writing[method];
    if (write === undefined) continue;
    derived[method] = function (this: DialectLike, sql, ...more) {
      const built = write.call(this, sql, ...more);
      origins.set(built, sql);
      return built;
    };
  }
  return derived;
}
