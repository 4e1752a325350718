import { type CacheEvents, type QueryCache, UnidentifiedDatabaseError } from '@cachetastic/core';
import {
  type DatabaseCatalogue,
  identifyDatabase,
  LazyCache,
  nameByClient,
  openQueryCache,
  reportingTwoServers,
  reportUnfenced,
  type SessionState,
} from '@cachetastic/core/adapter';
import type { Driver } from '../driver/driver.js';
import { toPlainRows } from '../driver/plain-rows.js';
import type { Generation } from '../intercept/generation.js';
import { clientOf, type DatabaseLike } from '../objects/database.js';
import { at, kindOf } from '../objects/entities.js';
import type { ResolvedOptions } from '../options/resolve-options.js';

/** What a database's cache is opened with. */
export interface DatabaseParts {
  /** As it was before it was wrapped: its queries do not pass through the cache. */
  readonly database: DatabaseLike;
  readonly provider: string;
  readonly driver: Driver;
  readonly generation: Generation;
  readonly options: ResolvedOptions;
  readonly events: CacheEvents;
  readonly catalogue: DatabaseCatalogue;
  readonly session: SessionState;
}

/** The cache of one database, to be opened when it is first used. */
export function lazyCacheFor(parts: DatabaseParts): LazyCache {
  return new LazyCache({
    events: parts.events,
    make: () => makeCache(parts),
    settings: parts.options.settings,
    shared: parts.options.shared,
  });
}

async function makeCache({
  database,
  provider,
  driver,
  generation,
  options,
  events,
  catalogue,
  session: state,
}: DatabaseParts): Promise<QueryCache> {
  const identity = await identifyDatabase({
    // The path of a file on another server does not identify it: another server may have the same path.
    provider: provider === 'sqlite' && driver.localFile?.isOpenedBy(database) !== true ? undefined : provider,
    named: options.database,
    ask: async (sql) => (await state.watch(() => askDatabase(database, driver, sql), events))[0],
    // A database in memory belongs to one client of the driver.
    nameOfFileless: () => nameByClient(options.process, clientOf(database)),
  });
  await catalogue.ask();
  const cache = openQueryCache({
    ...options.settings,
    events,
    database: identity.database,
    // Entries hold results of the driver, in the form that this generation requests.
    identity: JSON.stringify(['drizzle', generation.name, kindOf(database.session) ?? 'unknown', identity.session]),
    shared: reportingTwoServers(options.shared, identity),
    process: options.process,
    origin: clientOf(database),
    valueTypes: driver.valueTypes,
  });
  reportUnfenced(events, options.settings.intents, identity);
  state.opened(identity, events);
  return cache;
}

/** Runs `sql` without the cache. @returns Its rows. */
export async function askDatabase(
  database: DatabaseLike,
  driver: Driver,
  sql: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const run = at(database, 'execute') ?? at(database, 'all');
  if (typeof run !== 'function')
    throw new UnidentifiedDatabaseError('This database runs no SQL to identify it by. Set the option `database`.');
  const result: unknown = await run.call(database, sql);
  const rows = toPlainRows(driver, result, { rows: 'many', whole: false, unwrapped: false })?.rows ?? [];
  // Our rows have names. So a list in place of a row is the rows of a pair whose columns came through JSON, as those of
  // `drizzle-orm/mysql-proxy` do.
  const [first] = rows;
  return (Array.isArray(first) ? first : rows) as readonly Readonly<Record<string, unknown>>[];
}
