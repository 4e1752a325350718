import { accessSync, constants, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Program, Recipe } from './recipe.js';

/** The server of `recipe` that is installed on this machine. */
export function findProgram(recipe: Recipe): Program | undefined {
  const inPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...inPath, ...recipe.folders]) {
    const file = join(folder, recipe.executable);
    // Resolved, because its tools and libraries lie beside the real file.
    if (isExecutable(file)) return { bin: dirname(realpathSync(file)) };
  }
  return undefined;
}

/** The folders `<root>/<version>/bin`, newest version first. */
export function versionedFolders(root: string): readonly string[] {
  try {
    const versions = readdirSync(root).sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a));
    return versions.map((version) => join(root, version, 'bin'));
  } catch {
    return []; // not a machine that keeps them there
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
