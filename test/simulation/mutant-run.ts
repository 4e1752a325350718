import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutants/mutant.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What the simulation is made of. */
const PARTS = [
  'packages/core/src',
  'test/simulation',
  'test/support/random.ts',
  'test/tsconfig.json',
  'tsconfig.base.json',
];

/** What became of a mutant: the first seed that shows it, or `undefined` if none did. */
export interface MutantOutcome {
  readonly mutant: Mutant;
  readonly caughtBy: number | undefined;
  /** How many seeds were played. */
  readonly seeds: number;
  readonly what: string;
}

/** As {@link breakAndPlay}; a mutant that cannot be made or played counts as one that survived. */
export async function runMutant(mutant: Mutant, seeds: number): Promise<MutantOutcome> {
  try {
    return await breakAndPlay(mutant, seeds);
  } catch (error) {
    return { mutant, caughtBy: undefined, seeds: 0, what: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Breaks a copy of the sources and simulates it in a process of its own, first with the seed that has shown it before.
 *
 * @throws if the text to break is not there exactly once.
 */
async function breakAndPlay(mutant: Mutant, seeds: number): Promise<MutantOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'cachetastic-mutant-'));
  try {
    prepare(folder, mutant);
    let played = 0;
    for (const [first, count] of [
      ...(mutant.seed === undefined ? [] : [[mutant.seed, 1] as const]),
      [1, seeds] as const,
    ]) {
      if (count === 0) continue;
      const { failures, seeds: done } = await play(folder, mutant, first, count);
      played += done;
      const failure = failures[0];
      if (failure !== undefined) return { mutant, caughtBy: failure.seed, seeds: played, what: failure.what };
    }
    return { mutant, caughtBy: undefined, seeds: played, what: '' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function prepare(folder: string, { name, edits }: Mutant): void {
  for (const part of PARTS) {
    mkdirSync(dirname(join(folder, part)), { recursive: true });
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const { file, find, replace } of edits) {
    const pieces = readFileSync(join(folder, file), 'utf8').split(find);
    if (pieces.length !== 2) throw new Error(`Mutant '${name}': a text occurs ${pieces.length - 1} times in ${file}.`);
    writeFileSync(join(folder, file), pieces.join(replace));
  }
}

interface Played {
  readonly seeds: number;
  readonly failures: readonly { readonly seed: number; readonly what: string }[];
}

function play(folder: string, { name, mode }: Mutant, first: number, seeds: number): Promise<Played> {
  const options = ['--mode', mode, '--first', String(first), '--seeds', String(seeds), '--until-failure', '--json'];
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/simulation/cli.ts', ...options], {
    cwd: folder,
    env: { ...process.env, TSX_TSCONFIG_PATH: join(folder, 'test/tsconfig.json') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      try {
        resolve(JSON.parse(text) as Played);
      } catch {
        reject(new Error(`Mutant '${name}' cannot be simulated: ${text.slice(0, 500)}`));
      }
    });
  });
}
