import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { unpackDebian } from './packaged-debian.js';
import type { Recipe } from './recipe.js';
import type { Service } from './service.js';
import { startService } from './start-service.js';

const run = promisify(execFile);

/** Test data need not survive the machine. */
const SETTINGS = ['--innodb-flush-log-at-trx-commit=0', '--skip-log-bin', '--max-connections=200'];

/** MariaDB, which is used for MySQL if no URL names a server. */
export const MYSQL: Recipe = {
  name: 'MySQL',
  executable: 'mariadbd',
  folders: ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin', '/usr/libexec'],
  hint: 'Set MYSQL_URL, start Docker, or install MariaDB (apt install mariadb-server, brew install mariadb)',
  container: {
    image: 'mariadb:11',
    port: 3306,
    command: ['mariadbd', ...SETTINGS],
    environment: { MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: '1', MARIADB_ROOT_HOST: '%' },
  },

  url: (host, port) => `mysql://root@${host}:${port}/mysql`,

  async check(host, port) {
    const connection = await mysql.createConnection({ uri: MYSQL.url(host, port), connectTimeout: 2_000 });
    try {
      await connection.query('SELECT 1');
    } finally {
      connection.destroy();
    }
  },

  unpack: () =>
    unpackDebian({
      ...{ name: 'mariadb', bin: 'sbin' },
      packages: ['mariadb-server-core', 'mariadb-client-core'],
      family: /^mariadb-(server|client)-core/,
    }),

  async prepare({ bin, environment }, data, identity) {
    const base = dirname(bin);
    const env = { ...process.env, ...environment };
    const options = ['--no-defaults', `--basedir=${base}`, `--datadir=${data}`];
    const account = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
    await run(join(base, 'bin', 'mariadb-install-db'), [...options, ...account], { ...identity, cwd: data, env });
    await writeFile(join(data, 'my.cnf'), `[mariadbd]\nbasedir=${base}\n`);
  },

  arguments: (data, port) => [
    `--defaults-file=${join(data, 'my.cnf')}`,
    ...[`--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1', '--skip-name-resolve'],
    ...[`--socket=${join(data, 'socket')}`, `--pid-file=${join(data, 'pid')}`],
    ...SETTINGS,
  ],
};

/** Starts a MariaDB that belongs to the caller alone. Others share one through `sharedMysql`. */
export function startMysql(): Promise<Service> {
  return startService(MYSQL);
}
