import { type ProcessBook, UnidentifiedDatabaseError } from '@cachetastic/core';
import {
  currentProcess,
  type DatabaseIdentity,
  identifyDatabase as identify,
  nameByClient,
} from '@cachetastic/core/adapter';
import { type PrismaClientLike, privateOf } from '../client/prisma-client.js';
import { clientInternals } from '../schema/runtime-data-model.js';

/** The identity of a database, and a decimal of its client. */
export interface PrismaIdentity extends DatabaseIdentity {
  /** A decimal that the client made; `undefined` if raw SQL returns none. */
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
 * @throws the error of the database.
 * @throws {@link UnidentifiedDatabaseError} if it cannot be identified without the option `database`.
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
    const withDecimal = sqlOfDecimal === undefined ? sql : `${sql}, ${sqlOfDecimal} AS asked_decimal`;
    const [row] = [await client.$queryRawUnsafe(withDecimal)].flat();
    decimal = privateOf(row, 'asked_decimal');
    return row as Readonly<Record<string, unknown>> | undefined;
  };
  const identity = await identify({ provider, named, ask, nameOfFileless: () => nameOfFileless(client, process) });
  return { ...identity, decimal };
}

/** Names a SQLite database without a file: one in memory is used by no other process, but one on a server may be. */
function nameOfFileless(client: PrismaClientLike, process: ProcessBook): string {
  const adapter = privateOf(client, '_engineConfig', 'adapter', 'adapterName');
  if (typeof adapter === 'string' && adapter.includes('better-sqlite3')) {
    // Every client that Prisma derives from this one shares it, and with it the connection.
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
