import type { Change } from '@cachetastic/core';
import { AdapterCache, type CachedPolicy, nestPolicy, parseCachedPolicy } from '@cachetastic/core/adapter';
import type { Invalidation } from '../client/cache-control.js';
import type { DatabaseLike, DialectLike } from '../objects/database.js';
import { at, isPlainObject } from '../objects/entities.js';
import { interceptDialect } from './dialect.js';
import type { Context, Parts } from './interception.js';
import { interceptSession } from './session.js';
import { runSavepoint } from './transactions.js';

/** What all databases that are derived from one have in common. */
interface Shared {
  readonly parts: Parts;
  readonly dialect: DialectLike;
}

/** How many databases of `$cached` are kept for each database: a scope per request must not fill the memory. */
const MOST_KEPT = 200;

/** `database`, all of whose queries pass through the cache. It inherits from `database`, so it is still one of Drizzle's. */
export function interceptDatabase(database: DatabaseLike, parts: Parts): DatabaseLike {
  const shared: Shared = { parts, dialect: interceptDialect(database.dialect, parts) };
  return derive(database, shared, { parts, transaction: undefined, cached: undefined, tags: [] });
}

function derive(database: DatabaseLike, shared: Shared, context: Context): DatabaseLike {
  const { parts, dialect } = shared;
  const { transaction } = context;
  const derived = Object.create(database) as DatabaseLike & Record<string, unknown>;
  const session = interceptSession(context, database.session, dialect, (inner, scope) =>
    derive(inner, shared, { ...context, transaction: scope }),
  );
  derived.session = session;
  derived.dialect = dialect;
  derived._ = { ...database._, session };
  const cachedBy = onceForOptions((policy, options) => {
    const cached = nestPolicy(context.cached, policy);
    const tags = (at(options, 'tags') ?? []) as readonly string[];
    return derive(database, shared, { ...context, cached, tags: [...context.tags, ...tags] });
  });
  derived['$cached'] = cachedBy;
  derived['$cache'] = controlOf(parts, transaction);
  const withAuth = at(database, '$withAuth');
  if (typeof withAuth === 'function' && parts.generation.authorisesSession)
    derived['$withAuth'] = (token: unknown) => derive(withAuth.call(database, token), shared, context);
  if (database.query !== undefined) derived.query = queriesOf(database.query, derived, cachedBy);
  if (transaction !== undefined) {
    derived.transaction = (work, config) =>
      runSavepoint(
        transaction,
        (run: (inner: DatabaseLike) => Promise<unknown>) =>
          parts.session.watch(() => database.transaction(run, config), parts.events),
        (inner, scope) => work(derive(inner, shared, { ...context, transaction: scope })),
      );
  }
  return derived;
}

/** `db.query`, whose queries take the argument `cache`, which Drizzle does not know. */
function queriesOf(
  queries: Readonly<Record<string, object>>,
  { session, dialect }: DatabaseLike,
  cachedBy: (options: unknown) => DatabaseLike,
): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(queries).map(([name, builder]) => {
      const derived = Object.assign(Object.create(builder) as object, { session, dialect });
      for (const method of ['findMany', 'findFirst']) {
        const find = at(builder, method);
        if (typeof find !== 'function') continue;
        Reflect.set(derived, method, (config?: object) => {
          if (config === undefined) return find.call(derived, config);
          const { cache: own, ...rest } = config as { readonly cache?: unknown; readonly withCache?: unknown };
          // Drizzle passes its own `withCache` to the session only if it is `true`.
          const cache = rest.withCache === false ? false : own;
          const finder = cache === undefined ? derived : cachedBy(cache).query?.[name];
          // A spread object would lose what it inherits from a class, perhaps its `where`.
          return find.call(finder, isPlainObject(config) ? rest : config);
        });
      }
      return [name, derived];
    }),
  );
}

/** `$cache`. In a transaction, manual invalidations wait for the commit. */
function controlOf({ lazyCache, events, explaining, tables }: Parts, transaction: Context['transaction']): object {
  return new AdapterCache<Invalidation>({
    lazyCache,
    events,
    explaining,
    subject: 'tables',
    oneTag: true,
    whole: (option, named) => tables.whole(option, named),
    ...(transaction === undefined ? {} : { deliver: (changes: readonly Change[]) => transaction.add(changes) }),
  });
}

/** Makes one database for each set of options. */
function onceForOptions(
  make: (policy: CachedPolicy, options: unknown) => DatabaseLike,
): (options?: unknown) => DatabaseLike {
  const databases = new Map<string, DatabaseLike>();
  return (options = true) => {
    // Before the look-up: an invalid option may have the same JSON as a valid one.
    const policy = parseCachedPolicy(options, 'tables');
    const key = JSON.stringify(options);
    const known = databases.get(key);
    if (known !== undefined) return known;
    const [oldest] = databases.keys();
    if (databases.size >= MOST_KEPT && oldest !== undefined) databases.delete(oldest);
    const database = make(policy, options);
    databases.set(key, database);
    return database;
  };
}
