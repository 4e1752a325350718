import { UnidentifiedDatabaseError, UnsafeSetupError } from '../errors.js';

/** What distinguishes the results of one database, as one client sees it, from all others. */
export interface DatabaseIdentity {
  /** The database: clients of the same one invalidate each other, whatever ORM they use. */
  readonly database: string;
  /** The current user, the search path and the settings that show in results. Clients that differ in them share no results. */
  readonly session: string;
  /** The timeouts that bound its writes, for {@link reportUnfenced}. */
  readonly timeouts: unknown;
  /** The tables whose policies decide by row what this client sees, without their schemas. */
  readonly rowSecured: readonly string[];
  /** Whether the client had set a role before. */
  readonly roleIsSet: boolean;
  /** The server's address, port and start time. `undefined`: unknown, or the application named the database itself. */
  readonly server: string | undefined;
}

/** What {@link identifyDatabase} works with. */
export interface IdentityParts {
  /** `postgresql`, `cockroachdb`, `mysql`, `sqlserver` or `sqlite`; `undefined` when unknown. */
  readonly provider: string | undefined;
  /** The option `database`, if it is given. Then only the session is queried. */
  readonly named: string | undefined;
  /** Runs one `select` without the cache. @returns Its row. */
  readonly ask: (sql: string) => Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Names a SQLite database without a file. @throws if it cannot be distinguished from others. */
  readonly nameOfFileless: () => string;
}

/** What is queried, as expressions of the database's SQL. */
interface Questions {
  /** Its name. */
  readonly database: string;
  readonly session?: string;
  readonly timeouts?: string;
  /** Whether it follows another server: `'yes'` or `'no'`. */
  readonly replica?: string;
  /** The tables with policies that bind the current user, as a JSON list. Policies do not bind owners and roles that bypass them. */
  readonly secured?: string;
  /** The role that was set, or `'none'`. */
  readonly role?: string;
  /** `<address>:<port> <start time>` of the server, or null without a network. */
  readonly server?: string;
}

/** Settings of PostgreSQL that a connection string may change, and that show in the values of results. */
const SETTINGS =
  "'bytea_output', 'DateStyle', 'default_text_search_config', 'extra_float_digits', 'IntervalStyle', 'lc_monetary', 'lc_time', 'row_security', 'TimeZone'";

/** What bounds, on PostgreSQL, how long after its announcement a write may still be committed, in milliseconds. */
const FENCE_QUESTION =
  "(SELECT string_agg(name || '=' || setting, ' ') FROM pg_settings WHERE name IN ('transaction_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'))";

const QUESTIONS: Readonly<Record<string, Questions>> = {
  postgresql: {
    database:
      "(SELECT system_identifier::text FROM pg_control_system()) || '/' || (SELECT oid::text FROM pg_database WHERE datname = current_database())",
    session: `current_user::text || ' ' || current_schemas(false)::text || (SELECT string_agg(' ' || name || '=' || setting, '' ORDER BY name) FROM pg_settings WHERE name IN (${SETTINGS}))`,
    timeouts: FENCE_QUESTION,
    replica: "CASE WHEN pg_is_in_recovery() THEN 'yes' ELSE 'no' END",
    secured:
      '(SELECT json_agg(DISTINCT relname)::text FROM pg_class WHERE relrowsecurity AND row_security_active(oid))',
    role: "current_setting('role')",
    server:
      "host(inet_server_addr()) || ':' || inet_server_port() || ' ' || extract(epoch FROM pg_postmaster_start_time())",
  },
  cockroachdb: {
    database: "crdb_internal.cluster_id()::text || '/' || current_database()",
    session: 'current_user::text',
  },
  mysql: {
    database: "CONCAT(@@hostname, ':', @@port, ':', @@datadir, '/', DATABASE())",
    // The option `database` may name several databases together: the same SQL reads other tables in each.
    session: "CONCAT(CURRENT_USER(), ' ', @@session.time_zone, ' ', COALESCE(DATABASE(), ''))",
    replica: "CASE WHEN @@global.read_only <> 0 OR @@innodb_read_only <> 0 THEN 'yes' ELSE 'no' END",
  },
  sqlserver: {
    database: "CONCAT(@@SERVERNAME, '/', DB_NAME())",
    session: "CONCAT(USER_NAME(), ' ', SCHEMA_NAME())",
  },
  sqlite: { database: "(SELECT file FROM pragma_database_list WHERE name = 'main')" },
};

/**
 * Asks the database for its name, unless it was `named`, and for the session.
 *
 * @throws the error of the database.
 * @throws {@link UnidentifiedDatabaseError} if it cannot be identified without the option `database`.
 * @throws {@link UnsafeSetupError} if it is a replica: its results may be older than the log position they would be cached with.
 */
export async function identifyDatabase({
  provider,
  named,
  ask,
  nameOfFileless,
}: IdentityParts): Promise<DatabaseIdentity> {
  const questions = provider === undefined ? undefined : QUESTIONS[provider];
  if (questions === undefined && named === undefined)
    throw new UnidentifiedDatabaseError(
      `Cannot identify a database of ${provider === undefined ? 'an unknown provider' : `provider ${provider}`}. Set the option \`database\`.`,
    );
  const { database: name, server, ...others } = questions ?? {};
  const expressions = named === undefined ? { ...others, database: name, server } : others;
  const columns = Object.entries(expressions).flatMap(([name, sql]) =>
    sql === undefined ? [] : [`${sql} AS asked_${name}`],
  );
  const row = columns.length === 0 ? undefined : await ask(`SELECT ${columns.join(', ')}`);
  // Silence is no answer: the server may be a replica, and clients with different settings would share results.
  if (columns.length > 0 && !Object.keys(row ?? {}).some((column) => column.startsWith('asked_'))) {
    throw new UnidentifiedDatabaseError(
      'The database could not be identified: the driver returned none of the columns that were asked for.',
    );
  }
  if (row?.['asked_replica'] === 'yes')
    throw new UnsafeSetupError(
      'This server is a replica: its results may lag behind writes and would be cached as current. Connect to the primary.',
    );
  const serverMark = row?.['asked_server'];
  const known = {
    session: String(row?.['asked_session'] ?? ''),
    server: typeof serverMark === 'string' ? serverMark : undefined,
    timeouts: row?.['asked_timeouts'],
    rowSecured: JSON.parse(String(row?.['asked_secured'] ?? '[]')) as readonly string[],
    roleIsSet: (row?.['asked_role'] ?? 'none') !== 'none',
  };
  if (named !== undefined) return { ...known, database: named };
  const database = row?.['asked_database'];
  if (typeof database !== 'string')
    throw new UnidentifiedDatabaseError('The database could not be identified. Set the option `database`.');
  return { ...known, database: `${provider}:${database === '' ? nameOfFileless() : database}` };
}
