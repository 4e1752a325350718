import type { PrismaClientLike } from '../client/prisma-client.js';
import { privateOf } from '../client/prisma-client.js';

/** What distinguishes the answers of one database, as seen by one client, from all others. */
export interface DatabaseIdentity {
  /** The database: clients of the same one invalidate each other. */
  readonly database: string;
  /** Who asks, where unqualified names lead, how times are told: clients that differ share no answers. */
  readonly session: string;
  /** A decimal as the client makes it, where raw SQL can show one. */
  readonly decimal: unknown;
}

/** What a database is asked, as expressions of its SQL. */
interface Questions {
  /** Who it is. */
  readonly database: string;
  readonly session?: string;
  readonly decimal?: string;
}

/** Settings of PostgreSQL that a connection string may change, and that show in how values are written. */
const SETTINGS =
  "'bytea_output', 'DateStyle', 'default_text_search_config', 'extra_float_digits', 'IntervalStyle', 'lc_monetary', 'lc_time', 'row_security', 'TimeZone'";

const QUESTIONS: Readonly<Record<string, Questions>> = {
  postgresql: {
    database:
      "(SELECT system_identifier::text FROM pg_control_system()) || '/' || (SELECT oid::text FROM pg_database WHERE datname = current_database())",
    session: `current_user::text || ' ' || current_schemas(false)::text || (SELECT string_agg(' ' || name || '=' || setting, '' ORDER BY name) FROM pg_settings WHERE name IN (${SETTINGS}))`,
    decimal: '1.5::numeric',
  },
  cockroachdb: {
    database: "crdb_internal.cluster_id()::text || '/' || current_database()",
    session: 'current_user::text',
    decimal: '1.5::decimal',
  },
  mysql: {
    database: "CONCAT(@@hostname, ':', @@port, ':', @@datadir, '/', DATABASE())",
    session: "CONCAT(CURRENT_USER(), ' ', @@session.time_zone)",
    decimal: 'CAST(1.5 AS DECIMAL(2, 1))',
  },
  sqlserver: {
    database: "CONCAT(@@SERVERNAME, '/', DB_NAME())",
    session: "CONCAT(USER_NAME(), ' ', SCHEMA_NAME())",
    decimal: 'CAST(1.5 AS DECIMAL(2, 1))',
  },
  sqlite: { database: "(SELECT file FROM pragma_database_list WHERE name = 'main')" },
};

/**
 * Asks the database who it is, unless it was `named`, and who asks.
 *
 * @throws what the database said, or an error that advises the option `database`, if it cannot be told.
 */
export async function identifyDatabase(
  client: PrismaClientLike,
  provider: string | undefined,
  named?: string,
): Promise<DatabaseIdentity> {
  const questions = provider === undefined ? undefined : QUESTIONS[provider];
  if (questions === undefined && named === undefined)
    throw new Error(
      `Cachetastic does not know how to ask a database of ${provider === undefined ? 'an unknown provider' : `the provider ${provider}`} who it is: give the option \`database\`.`,
    );
  const answers = await ask(client, { ...questions, database: named === undefined ? questions?.database : undefined });
  const session = String(privateOf(answers, 'asked_session') ?? '');
  const decimal = privateOf(answers, 'asked_decimal');
  if (named !== undefined) return { database: named, session, decimal };
  const database = privateOf(answers, 'asked_database');
  if (typeof database !== 'string') throw new Error('The database did not say who it is: give the option `database`.');
  return { database: `${provider}:${database === '' ? nameOfFileless(client) : database}`, session, decimal };
}

async function ask(
  client: PrismaClientLike,
  questions: Partial<Record<keyof Questions, string | undefined>>,
): Promise<unknown> {
  const columns = Object.entries(questions).filter(([, sql]) => sql !== undefined);
  if (columns.length === 0) return undefined;
  const [row] = [
    await client.$queryRawUnsafe(`SELECT ${columns.map(([name, sql]) => `${sql} AS asked_${name}`).join(', ')}`),
  ].flat();
  return row;
}

/** A name for a SQLite without a file: one in memory is nobody else's, but one behind a network has other users. */
function nameOfFileless(client: PrismaClientLike): string {
  const adapter = privateOf(client, '_engineConfig', 'adapter', 'adapterName');
  if (typeof adapter === 'string' && adapter.includes('better-sqlite3')) return crypto.randomUUID();
  throw new Error('This SQLite database has no file that would tell who it is: give the option `database`.');
}

/** The schema that a driver adapter writes before table names: two clients that differ in it see different tables. */
export function adapterSchema(client: unknown): unknown {
  return privateOf(client, '_engineConfig', 'adapter', 'options', 'schema');
}
