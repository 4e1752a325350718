import type { CacheEvent } from '@cachetastic/core';
import { withCachetastic } from '@cachetastic/drizzle';
import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { sql } from 'drizzle-orm';
import { drizzle as mysql2 } from 'drizzle-orm/mysql2';
import { drizzle as nodePostgres } from 'drizzle-orm/node-postgres';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { PrismaClient } from '../fixtures/blog/generated/client/client.js';
import { startMysql, startReplicatedPostgres } from '../support/services/index.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** Hears why a cache does not open. */
function listen() {
  const events: CacheEvent[] = [];
  const refusals = () =>
    events.flatMap((event) => (event.type === 'tier-failed' && event.operation === 'identify' ? [event.error] : []));
  return { onEvent: (event: CacheEvent) => events.push(event), refusals };
}

const REFUSED = expect.objectContaining({ code: 'ERR_UNSAFE_SETUP', message: expect.stringContaining('is a replica') });

describe('a replica server', () => {
  it('is not cached if it is a standby of PostgreSQL', async () => {
    const servers = await startReplicatedPostgres('0ms');
    undo.push(() => servers.stop());
    const pool = new pg.Pool({ connectionString: servers.standby.url });
    undo.push(() => pool.end());
    const { onEvent, refusals } = listen();
    const db = withCachetastic(nodePostgres(pool), { onEvent, database: 'named all the same' });
    undo.push(() => db.$cache.close());

    const { data, info } = await db.$cache.explain(() => db.$cached({ tables: [] }).execute(sql`select 1 as one`));

    expect(data.rows).toEqual([{ one: 1 }]);
    expect(info).toMatchObject({ status: 'bypass', reason: 'database-not-identified' });
    expect(refusals()).toEqual([REFUSED]);

    const heard = listen();
    const adapter = new PrismaPg({ connectionString: servers.standby.url });
    const client = new PrismaClient({ adapter }).$extends(cachetastic({ onEvent: heard.onEvent }));
    undo.push(() => client.$disconnect());
    const explained = await client.$cache.explain(
      () => client.$cached({ ttl: 60, models: [] }).$queryRaw`select 1 as one`,
    );

    expect(explained.data).toEqual([{ one: 1 }]);
    expect(explained.info).toMatchObject({ status: 'bypass', reason: 'database-not-identified' });
    expect(heard.refusals()).toEqual([REFUSED]);
  });

  it('is not cached if it is a read-only MariaDB', async () => {
    const server = await startMysql();
    undo.push(() => server.stop());
    const pool = mysql.createPool(server.url);
    undo.push(() => pool.end());
    const { onEvent, refusals } = listen();
    const db = withCachetastic(mysql2(pool), { onEvent });
    undo.push(() => db.$cache.close());
    const status = async () => {
      const read = () => db.$cached({ tables: [] }).execute(sql`select 1 as one`);
      return (await db.$cache.explain(read)).info.status;
    };

    await pool.query('SET GLOBAL read_only = 1');
    expect(await status()).toBe('bypass');
    expect(refusals()).toEqual([REFUSED]);

    await pool.query('SET GLOBAL read_only = 0');
    const promoted = withCachetastic(mysql2(pool));
    undo.push(() => promoted.$cache.close());
    const { info } = await promoted.$cache.explain(() =>
      promoted.$cached({ tables: [] }).execute(sql`select 1 as one`),
    );
    expect(info.status).toBe('miss');
  });
});
