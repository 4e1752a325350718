import { withCachetastic } from '@cachetastic/drizzle';
import { type CacheEvent, cachetastic } from '@cachetastic/prisma-extension';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { PrismaClient } from '../fixtures/blog/generated/client/client.js';

const users = pgTable('users', { id: integer('id').primaryKey(), name: text('name') });

/** What is filled with megabytes, in SQL around it. */
const PARTS: readonly [what: string, open: string, close: string][] = [
  ['string', "'", "'"],
  ['escaped string', "E'\\t", "'"],
  ['dollar quote', '$a$', '$a$'],
  ['name', '1 as "', '"'],
  ['comment', '1 /*', '*/'],
  ['line comment', '1 --', '\n'],
];

/** A Drizzle database and a Prisma client whose drivers accept everything, and what they were sent. */
const ADAPTERS: readonly [name: string, make: (onEvent: (event: CacheEvent) => void) => Raw][] = [
  ['Drizzle', rawDrizzle],
  ['Prisma', rawPrisma],
];

interface Raw {
  readonly sent: string[];
  readonly read: (statement: string) => Promise<unknown>;
  readonly readCached: (statement: string) => Promise<unknown>;
  readonly write: (statement: string) => Promise<unknown>;
}

function rawDrizzle(onEvent: (event: CacheEvent) => void): Raw {
  const sent: string[] = [];
  const client = {
    query: async (config: string | { readonly text: string }) => {
      sent.push(typeof config === 'string' ? config : config.text);
      return { rows: [], fields: [], rowCount: 0 };
    },
  };
  const db = withCachetastic(drizzle(client as never, { schema: { users } }), { onEvent, redis: undefined });
  return {
    sent,
    read: async (statement) => db.execute(sql.raw(statement)),
    readCached: async (statement) => db.$cached().execute(sql.raw(statement)),
    write: async (statement) => db.execute(sql.raw(statement)),
  };
}

function rawPrisma(onEvent: (event: CacheEvent) => void): Raw {
  const sent: string[] = [];
  const driver = { provider: 'postgres' as const, adapterName: 'accepts-everything' };
  const adapter = {
    ...driver,
    connect: async () => ({
      ...driver,
      queryRaw: async (query: { readonly sql: string }) => {
        sent.push(query.sql);
        return { columnNames: [], columnTypes: [], rows: [] };
      },
      executeRaw: async (query: { readonly sql: string }) => {
        sent.push(query.sql);
        return 1;
      },
      executeScript: async () => {},
      startTransaction: async () => {
        throw new Error('this driver has no transactions');
      },
      dispose: async () => {},
    }),
  };
  const db = new PrismaClient({ adapter }).$extends(cachetastic({ onEvent, redis: undefined }));
  return {
    sent,
    read: async (statement) => db.$queryRawUnsafe(statement),
    readCached: async (statement) => db.$cached({ models: ['User'] }).$queryRawUnsafe(statement),
    write: async (statement) => db.$executeRawUnsafe(statement),
  };
}

describe.each(ADAPTERS)('%s sends any raw statement to the database, whatever it contains', (_, make) => {
  it.each(
    PARTS.flatMap(([what, open, close]) =>
      (what === 'string' ? [1, 10, 100] : [1, 10]).map((size) => [what, size, open, close] as const),
    ),
  )('a %s of %i MB', async (_what, megabytes, open, close) => {
    const widened: string[] = [];
    const { sent, read, readCached, write } = make((event) => {
      if (event.type === 'widened') widened.push(event.reason);
    });
    const long = `${open}${'x'.repeat(megabytes * 1_000_000)}${close}`;

    for (const run of [read, readCached]) await run(`select ${long}`);
    await write(`update users set name = ${long.startsWith('1') ? `1, score = ${long}` : long}`);

    expect(sent.filter((statement) => statement.includes(long))).toHaveLength(3);
    expect(widened).toContain('raw-sql: cannot be parsed: longer than 1,000,000 characters');
  });
});
