import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startPostgres } from '../../test/support/services/postgres.js';
import { startRedis } from '../../test/support/services/redis.js';

/** A database of ours with users and posts, and a Redis, each with its version. */
export interface Servers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** What the run's names in Redis begin with. */
  readonly namespace: string;
  readonly versions: string;

  /** Removes what the run left in them. */
  close(): Promise<void>;
}

/** Those that `DATABASE_URL` and `REDIS_URL` name, or servers of our own, as for the tests. */
export async function openServers(): Promise<Servers> {
  const { DATABASE_URL: database, REDIS_URL: redis } = process.env;
  const postgresUrl = new URL(database || (await startPostgres()).url);
  const redisUrl = redis || (await startRedis()).url;
  const namespace = `bench-${randomBytes(4).toString('hex')}`;
  const name = namespace.replace('-', '_');

  const [version] = await query(postgresUrl, 'SHOW server_version');
  await query(postgresUrl, `CREATE DATABASE ${name}`);
  const databaseUrl = new URL(postgresUrl);
  databaseUrl.pathname = `/${name}`;
  await query(databaseUrl, await readFile(new URL('../prisma/seed.sql', import.meta.url), 'utf8'));

  return {
    databaseUrl: databaseUrl.href,
    redisUrl,
    namespace,
    versions: `PostgreSQL ${String(version?.['server_version']).split(' ')[0]}, Redis ${await redisVersion(redisUrl)}`,
    async close() {
      await query(postgresUrl, `DROP DATABASE ${name} WITH (FORCE)`);
      await forget(redisUrl, namespace);
    },
  };
}

async function query(url: URL, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query(sql)).rows ?? [];
  } finally {
    await client.end();
  }
}

async function redisVersion(url: string): Promise<string | undefined> {
  const client = new Redis(url);
  const [, version] = /redis_version:(\S+)/.exec(await client.info('server')) ?? [];
  client.disconnect();
  return version;
}

/** Removes the keys that hold `namespace` in their name. */
async function forget(url: string, namespace: string): Promise<void> {
  const client = new Redis(url);
  for await (const keys of client.scanStream({ match: `*${namespace}*`, count: 1_000 })) {
    if (keys.length > 0) await client.unlink(keys);
  }
  client.disconnect();
}
