import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './find-program.js';
import type { Identity } from './identity.js';
import { startLocalServer } from './local-server.js';
import { POSTGRES } from './postgres.js';
import type { Program, Recipe } from './recipe.js';
import type { Service } from './service.js';
import { forcedProvider } from './start-service.js';

/** A Postgres and its standby. */
export interface ReplicatedPostgres {
  readonly primary: Service;
  readonly standby: Service;
  /** Ends both. */
  stop(): Promise<void>;
}

/** A commit must be on its way to the standby when it is answered, or the standby lags by more than it is configured to. */
const PRIMARY_SETTINGS = ['synchronous_commit=local', 'wal_level=replica', 'wal_keep_size=256MB'];

/**
 * Starts a private Postgres and a standby that streams from it and shows every commit `delay` later, or a little more.
 *
 * Always from binaries of this machine or out of the package, also where there are containers: both servers begin with
 * copies of one data directory that neither has run in, which needs no program other than the server and `initdb`.
 *
 * @param delay - As Postgres writes it, for example `'300ms'`.
 */
export async function startReplicatedPostgres(delay: string): Promise<ReplicatedPostgres> {
  const { program, provider } = await findPostgres();
  let seed = '';
  const withSettings = (recipe: Recipe, settings: readonly string[]): Recipe => ({
    ...recipe,
    arguments: (data, port) => [...recipe.arguments(data, port), ...settings.flatMap((setting) => ['-c', setting])],
  });
  const primaryRecipe: Recipe = {
    ...POSTGRES,
    async prepare(program, data, identity) {
      await POSTGRES.prepare(program, data, identity);
      seed = join(dirname(data), 'seed');
      await copy(data, seed, identity);
    },
  };
  const standbyRecipe: Recipe = {
    ...POSTGRES,
    async prepare(_program, data, identity) {
      await copy(`${seed}/.`, data, identity);
      await writeFile(join(data, 'standby.signal'), '');
    },
  };

  const primary = await startLocalServer(withSettings(primaryRecipe, PRIMARY_SETTINGS), program, provider);
  try {
    const { host, port } = primary.peer;
    const settings = [
      `primary_conninfo=host=${host} port=${port} user=postgres`,
      `recovery_min_apply_delay=${delay}`,
      'wal_retrieve_retry_interval=100ms',
    ];
    const standby = await startLocalServer(withSettings(standbyRecipe, settings), program, provider);
    const stop = async (): Promise<void> => {
      await Promise.all([standby.stop(), primary.stop()]);
    };
    return { primary, standby, stop };
  } catch (error) {
    await primary.stop();
    throw error;
  }
}

async function findPostgres(): Promise<{ readonly program: Program; readonly provider: 'binary' | 'package' }> {
  const installed = forcedProvider() === 'package' ? undefined : findProgram(POSTGRES);
  if (installed !== undefined) return { program: installed, provider: 'binary' };
  return { program: await POSTGRES.unpack(), provider: 'package' };
}

/** As the server's user, who must own the folder. */
async function copy(from: string, to: string, identity: Identity): Promise<void> {
  await promisify(execFile)('cp', ['-R', from, to], { ...identity, cwd: dirname(to) });
}
