import type { Change } from '@cachetastic/core';
import { AdapterCache, type CachedPolicy, parseCachedPolicy, refineCachedPolicy } from '@cachetastic/core/adapter';
import { deriveDialect } from '../intercept/dialect.js';
import type { Context, Parts } from '../intercept/interception.js';
import { deriveSession } from '../intercept/session.js';
import { runSavepoint } from '../intercept/transactions.js';
import type { DatabaseLike, DialectLike } from '../objects/database.js';
import { at, isPlainObject } from '../objects/entities.js';
import type { Invalidation } from './cache-control.js';

/** What is alike in all databases that are derived from one. */
interface Shared {
  readonly parts: Parts;
  readonly dialect: DialectLike;
}

/** How many sets of options are remembered per database: a scope per request must not fill the memory. */
const MOST_REMEMBERED = 200;

/** `database`, all of whose queries pass through us. It is one of Drizzle's still: only what we add is its own. */
export function deriveDatabase(database: DatabaseLike, parts: Parts): DatabaseLike {
  const shared: Shared = { parts, dialect: deriveDialect(database.dialect, parts) };
  return derive(database, shared, { parts, transaction: undefined, cached: undefined, tags: [] });
}

function derive(database: DatabaseLike, shared: Shared, context: Context): DatabaseLike {
  const { parts, dialect } = shared;
  const { transaction } = context;
  const derived = Object.create(database) as DatabaseLike & Record<string, unknown>;
  const session = deriveSession(context, database.session, dialect, (inner, scope) =>
    derive(inner, shared, { ...context, transaction: scope }),
  );
  derived.session = session;
  derived.dialect = dialect;
  derived._ = { ...database._, session };
  const cachedBy = remembered((said, options) => {
    const cached = refineCachedPolicy(context.cached, said);
    const tags = (at(options, 'tags') ?? []) as readonly string[];
    return derive(database, shared, { ...context, cached, tags: [...context.tags, ...tags] });
  });
  derived['$cached'] = cachedBy;
  derived['$cache'] = controlOf(parts, transaction);
  const withAuth = at(database, '$withAuth');
  // 1.0 makes another database of it, on a session of its own; before, the queries of this one take the token along.
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

/** `db.query`, with a `cache` argument that Drizzle does not know. */
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
          const { cache: said, ...rest } = config as { readonly cache?: unknown; readonly withCache?: unknown };
          // Of Drizzle's own word for it, a session hears only if it is `true`.
          const cache = rest.withCache === false ? false : said;
          const asked = cache === undefined ? derived : cachedBy(cache).query?.[name];
          // An object of a class has more to say than what is its own: a `where`, maybe.
          return find.call(asked, isPlainObject(config) ? rest : config);
        });
      }
      return [name, derived];
    }),
  );
}

/** `$cache`; in a transaction, what it invalidates waits for the commit. */
function controlOf({ opening, events, explaining, tables }: Parts, transaction: Context['transaction']): object {
  return new AdapterCache<Invalidation>({
    opening,
    events,
    explaining,
    subject: 'tables',
    oneTag: true,
    whole: (option, named) => tables.whole(option, named),
    ...(transaction === undefined ? {} : { deliver: (changes: readonly Change[]) => transaction.add(changes) }),
  });
}

/** Makes a database for each set of options once. */
function remembered(make: (said: CachedPolicy, options: unknown) => DatabaseLike): (options?: unknown) => DatabaseLike {
  const made = new Map<string, DatabaseLike>();
  return (options = true) => {
    // First: what is no option has no JSON, or that of one.
    const said = parseCachedPolicy(options, 'tables');
    const key = JSON.stringify(options);
    const known = made.get(key);
    if (known !== undefined) return known;
    const [oldest] = made.keys();
    if (made.size >= MOST_REMEMBERED && oldest !== undefined) made.delete(oldest);
    const database = make(said, options);
    made.set(key, database);
    return database;
  };
}
