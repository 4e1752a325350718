import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { versionedFolders } from './find-program.js';
import { unpackPostgres } from './packaged-postgres.js';
import type { Recipe } from './recipe.js';
import type { Service } from './service.js';
import { startService } from './start-service.js';

/** Test data need not survive the machine, and waiting for the disk is most of a small write's time. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];
const settings = SETTINGS.flatMap((setting) => ['-c', setting]);

export const POSTGRES: Recipe = {
  name: 'PostgreSQL',
  executable: 'postgres',
  folders: [...versionedFolders('/usr/lib/postgresql'), '/opt/homebrew/bin', '/usr/local/pgsql/bin'],
  hint: 'Set DATABASE_URL, start Docker, or install PostgreSQL (apt install postgresql, brew install postgresql)',
  container: {
    image: 'postgres:17-alpine',
    port: 5432,
    command: ['postgres', ...settings],
    environment: { POSTGRES_PASSWORD: 'postgres' },
  },

  // The password is for the container; a local server trusts its own machine and ignores it.
  url: (host, port) => `postgresql://postgres:postgres@${host}:${port}/postgres`,

  async check(host, port) {
    const client = new pg.Client({ connectionString: POSTGRES.url(host, port), connectionTimeoutMillis: 2_000 });
    // In addition to rejecting the query, a closing server makes the client emit an error that would end the process.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query('select 1');
    } finally {
      await client.end();
    }
  },

  unpack: unpackPostgres,

  async prepare(program, data, identity) {
    const options = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
    const env = { ...process.env, ...program.environment };
    await promisify(execFile)(join(program.bin, 'initdb'), options, { ...identity, cwd: data, env });
  },

  arguments: (data, port) => [
    ...['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    ...settings,
  ],
};

/** Starts a Postgres that belongs to the caller alone: for tests that mistreat it. Others share one through `createDatabase`. */
export function startPostgres(): Promise<Service> {
  return startService(POSTGRES);
}
