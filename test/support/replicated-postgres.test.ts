import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ReplicatedPostgres, startReplicatedPostgres, waitUntil } from './services/index.js';

/** In milliseconds. */
const DELAY = 300;

let servers: ReplicatedPostgres;

beforeAll(async () => {
  servers = await startReplicatedPostgres(`${DELAY}ms`);
});
afterAll(() => servers?.stop());

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

it('a standby shows a commit after its delay, and refuses writes', async () => {
  const primary = await connect(servers.primary.url);
  const standby = await connect(servers.standby.url);
  try {
    await primary.query('CREATE TABLE kept (one int)');
    await waitUntil('the table on the standby', () => standby.query('SELECT * FROM kept'));
    const startedAt = performance.now();
    await primary.query('INSERT INTO kept VALUES (1)');

    await waitUntil('the row on the standby', async () => {
      if ((await standby.query('SELECT * FROM kept')).rowCount === 0) throw new Error('not there');
    });

    // Two clocks, and Postgres counts in milliseconds.
    expect(performance.now() - startedAt).toBeGreaterThan(DELAY - 5);
    await expect(standby.query('INSERT INTO kept VALUES (2)')).rejects.toThrow('read-only');
  } finally {
    await primary.end();
    await standby.end();
  }
});
