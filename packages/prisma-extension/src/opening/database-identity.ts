import { type ProcessBook, UnidentifiedDatabaseError } from '@cachetastic/core';
import {
  currentProcess,
  type DatabaseIdentity,
  identifyDatabase as identify,
  nameByClient,
} from '@cachetastic/core/adapter';
import { type PrismaClientLike, privateOf } from '../client/prisma-client.js';
import { clientInternals } from '../schema/runtime-data-model.js';

/** Who a database is, and how the client makes decimals. */
export interface PrismaIdentity extends DatabaseIdentity {
  /** A decimal as the client makes it, where raw SQL can show one. */
  readonly decimal: unknown;
}

const DECIMALS: Readonly<Record<string, string>> = {
  postgresql: '1.5::numeric',
  cockroachdb: '1.5::decimal',
  mysql: 'CAST(1.5 AS DECIMAL(2, 1))',
  sqlserver: 'CAST(1.5 AS DECIMAL(2, 1))',
};

/**
 * Queries the database for its identity, unless it is `named`, and for its session.
 *
 * @throws what the database said, or an error that advises the option `database`, if it cannot be determined.
 */
export async function identifyDatabase(
  client: PrismaClientLike,
  provider: string | undefined,
  named?: string,
  process: ProcessBook = currentProcess(),
): Promise<PrismaIdentity> {
  const sqlOfDecimal = DECIMALS[provider ?? ''];
  let decimal: unknown;
  const ask = async (sql: string): Promise<Readonly<Record<string, unknown>> | undefined> => {
    const asked = sqlOfDecimal === undefined ? sql : `${sql}, ${sqlOfDecimal} AS asked_decimal`;
    const [row] = [await client.$queryRawUnsafe(asked)].flat();
    decimal = privateOf(row, 'asked_decimal');
    return row as Readonly<Record<string, unknown>> | undefined;
  };
  const identity = await identify({ provider, named, ask, nameOfFileless: () => nameOfFileless(client, process) });
  return { ...identity, decimal };
}

/** A name for a SQLite without a file: no other process uses one in memory, but one behind a network has other users. */
function nameOfFileless(client: PrismaClientLike, process: ProcessBook): string {
  const adapter = privateOf(client, '_engineConfig', 'adapter', 'adapterName');
  if (typeof adapter === 'string' && adapter.includes('better-sqlite3')) {
    // Every client that Prisma derives from this one has it in common, and with it the connection.
    const original = privateOf(client, '_originalClient');
    return nameByClient(process, typeof original === 'object' && original !== null ? original : client);
  }
  throw new UnidentifiedDatabaseError('This SQLite database has no file to identify it by. Set the option `database`.');
}

/** The schemas in which the models of `client` may be, in addition to those of the search path. */
export function schemasOf(client: unknown): readonly string[] {
  const { models } = clientInternals(client);
  const named = [adapterSchema(client), ...[...(models?.values() ?? [])].map(({ schema }) => schema)];
  return [...new Set(named.filter((schema) => typeof schema === 'string'))];
}

/** The schema that a driver adapter writes before table names: two clients that differ in it see different tables. */
export function adapterSchema(client: unknown): unknown {
  return privateOf(client, '_engineConfig', 'adapter', 'options', 'schema');
}
