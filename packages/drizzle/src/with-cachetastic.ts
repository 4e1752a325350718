import { CacheEvents } from '@cachetastic/core';
import { clockOf, DatabaseCatalogue, Explaining, SchemaObserver, SessionState } from '@cachetastic/core/adapter';
import { KnownFunctions, ParsedSqlCache } from '@cachetastic/core/sql';
import type { Cached } from './client/database-types.js';
import { driverOf } from './driver/drivers.js';
import { interceptDatabase } from './intercept/database.js';
import type { Generation } from './intercept/generation.js';
import { generationOf } from './intercept/generations.js';
import { asDatabase, type DatabaseLike, providerOf } from './objects/database.js';
import { at } from './objects/entities.js';
import { askDatabase, lazyCacheFor } from './opening/lazy-cache.js';
import type { CachetasticOptions } from './options/options.js';
import { type ResolvedOptions, resolveOptions } from './options/resolve-options.js';
import { KnownTables } from './schema/known-tables.js';

/**
 * Caches what a Drizzle database reads, and invalidates by itself what its writes change, on every node.
 *
 * @throws {@link InvalidOptionError} naming the option, its value and what is allowed.
 * @throws {@link UnsafeSetupError} for an object that is no Drizzle database, has a cache already, or is synchronous.
 * @example
 * ```ts
 * const db = withCachetastic(drizzle(pool, { schema }), { redis: process.env.REDIS_URL });
 * const users = await db.$cached({ ttl: 60 }).select().from(schema.users);
 * ```
 */
export function withCachetastic<Database extends object>(
  database: Database,
  options: CachetasticOptions = {},
): Cached<Database> {
  const resolved = resolveOptions(options, process.env);
  return wrap(asDatabase(database), resolved) as unknown as Cached<Database>;
}

function wrap(database: DatabaseLike, options: ResolvedOptions): DatabaseLike {
  const provider = providerOf(database.dialect) ?? 'sqlite';
  const driver = driverOf(database.session);
  const generation = generationOf(database);
  const events = new CacheEvents();
  if (options.onEvent !== undefined) events.on(options.onEvent);
  const session = SessionState.of(at(database, '$client'));
  if (provider === 'sqlite' && driver.localFile?.isOpenedBy(database))
    session.fallsBehindAfter(driver.localFile.isBusy);
  const functions = new KnownFunctions(provider, options.functions);
  const catalogue: DatabaseCatalogue = new DatabaseCatalogue({
    provider,
    functions,
    events,
    schemas: () => [...new Set([...tables.schemas, ...observer.schemas])],
    // Joins the schema with the catalogue as soon as that is known, and so reports what the schema lacks.
    learned: () => void tables.current,
    ask: async (sql) => session.watch(() => askDatabase(database, driver, sql), events),
    clock: clockOf(options.process),
  });
  const observer = new SchemaObserver({ catalogue: () => catalogue.known, functions, option: 'tables', events });
  const tables: KnownTables = new KnownTables({
    provider,
    dialect: database.dialect,
    columnName: (column) => generation.columnName?.(database.dialect, column),
    definitions: schemaOf(database, generation, options),
    tables: options.tables,
    views: options.views,
    functions,
    observe: (schema, declared) => observer.observe(schema, declared),
  });
  if (tables.incomplete !== undefined) events.emit({ type: 'widened', query: 'schema', reason: tables.incomplete });
  return interceptDatabase(database, {
    options,
    provider,
    driver,
    generation,
    tables,
    parsedSql: new ParsedSqlCache(provider, functions),
    lazyCache: lazyCacheFor({ database, provider, driver, generation, options, events, catalogue, session }),
    catalogue,
    session,
    events,
    explaining: new Explaining(),
  });
}

/** The tables and views of the option `schema`, or else those that `drizzle(…)` was given. */
function schemaOf(
  database: DatabaseLike,
  generation: Generation,
  { schema }: ResolvedOptions,
): readonly unknown[] | undefined {
  const ofOption = Object.values(schema ?? {});
  const tables = ofOption.length > 0 ? ofOption : generation.tablesOf(database);
  return tables.length > 0 ? tables : undefined;
}
