import type { PrismaClientLike } from '../client/prisma-client.js';
import { privateOf } from '../client/prisma-client.js';

/** What distinguishes the answers of one database, as seen by one client, from all others. */
export interface DatabaseIdentity {
  /** The database: clients of the same one invalidate each other. */
  readonly database: string;
  /** Who asks, and where unqualified names lead: clients that differ share no answers. */
  readonly session: string;
  /** A decimal as the client makes it, where raw SQL can show one. */
  readonly decimal: unknown;
}

/** By provider: what the database knows of itself. `session` and `decimal` are optional. */
const QUESTIONS: Readonly<Record<string, string>> = {
  postgresql: `SELECT (SELECT system_identifier::text FROM pg_control_system()) || '/' || (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS "database", current_user::text || ' ' || current_schemas(false)::text AS "session", 1.5::numeric AS "decimal"`,
  cockroachdb: `SELECT crdb_internal.cluster_id()::text || '/' || current_database() AS "database", current_user::text AS "session", 1.5::decimal AS "decimal"`,
  mysql:
    "SELECT CONCAT(@@hostname, ':', @@port, ':', @@datadir, '/', DATABASE()) AS `database`, CURRENT_USER() AS `session`, CAST(1.5 AS DECIMAL(2, 1)) AS `decimal`",
  sqlserver: `SELECT CONCAT(@@SERVERNAME, '/', DB_NAME()) AS [database], CONCAT(USER_NAME(), ' ', SCHEMA_NAME()) AS [session], CAST(1.5 AS DECIMAL(2, 1)) AS [decimal]`,
  sqlite: `SELECT file AS "database" FROM pragma_database_list WHERE name = 'main'`,
};

/**
 * Asks the database who it is.
 *
 * @throws what the database said, or an error that advises the option `database`, if it cannot be told.
 */
export async function identifyDatabase(
  client: PrismaClientLike,
  provider: string | undefined,
): Promise<DatabaseIdentity> {
  const question = provider === undefined ? undefined : QUESTIONS[provider];
  if (question === undefined)
    throw new Error(`Who the database is cannot be asked (${provider}): give the option \`database\`.`);
  const [row] = [await client.$queryRawUnsafe(question)].flat();
  const database = privateOf(row, 'database');
  if (typeof database !== 'string') throw new Error('The database did not say who it is: give the option `database`.');
  return {
    database: `${provider}:${database === '' ? nameOfFileless(client) : database}`,
    session: String(privateOf(row, 'session') ?? ''),
    decimal: privateOf(row, 'decimal'),
  };
}

/** A name for a SQLite without a file: one in memory is nobody else's, but one behind a network has other users. */
function nameOfFileless(client: PrismaClientLike): string {
  const adapter = privateOf(client, '_engineConfig', 'adapter', 'adapterName');
  if (typeof adapter === 'string' && adapter.includes('better-sqlite3')) return crypto.randomUUID();
  throw new Error('The database has no file that would tell who it is: give the option `database`.');
}

/** The schema that a driver adapter writes before table names: two clients that differ in it see different tables. */
export function adapterSchema(client: unknown): unknown {
  return privateOf(client, '_engineConfig', 'adapter', 'options', 'schema');
}
