import { execFileSync } from 'node:child_process';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whom a server runs as: empty for ourselves. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

const isRoot = process.getuid?.() === 0;

/**
 * Whom to start servers as. Postgres refuses to run as root, and no test server needs to.
 *
 * @throws If we are root and the machine has neither of the users `postgres` and `nobody`.
 */
export function serverIdentity(): Identity {
  if (!isRoot) return {};
  for (const user of ['postgres', 'nobody']) {
    const uid = idOf('-u', user);
    const gid = idOf('-g', user);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error('Test servers do not run as root, and there is no user "postgres" or "nobody" to run them as');
}

/** Where unpacked servers are kept between runs, readable for {@link serverIdentity}. */
export function packageFolder(): string {
  const caches = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(isRoot ? '/var/cache' : caches, 'cachetastic-test-servers');
}

/** Where the folders of running servers are made. Root's own temporary folder may be closed to the server's user. */
export function temporaryFolder(): string {
  return isRoot ? '/tmp' : tmpdir();
}

function idOf(kind: '-u' | '-g', user: string): number | undefined {
  try {
    return Number(execFileSync('id', [kind, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined; // `id` fails for a user that does not exist, which is the answer
  }
}
