import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join } from 'node:path';

const HERE = import.meta.url;
const CORE = createRequire(HERE).resolve('@cachetastic/core/package.json');
/** Each with a file that imports it: there are two versions of ioredis. */
const LIBRARIES: ReadonlyArray<readonly [string, string]> = [
  ['@cachetastic/core', HERE],
  ['ioredis', CORE],
  ['bentocache', HERE],
  ['ioredis', HERE],
  ['cacheable', HERE],
  ['@keyv/redis', HERE],
  ['@qified/redis', HERE],
];

/** What a reader must know before the figures: whose they are, and of which versions. */
export function machine(): string {
  const [processor] = cpus();
  return `${cpus().length} × ${processor?.model.trim() ?? 'unknown processor'}, ${process.platform}, Node ${process.versions.node}`;
}

export function versions(): string {
  return LIBRARIES.map(([name, importer]) => `${name} ${versionOf(name, importer)}`).join(', ');
}

/** Of what `importer` would import. Not every package lets its package.json be imported. */
function versionOf(name: string, importer: string): string {
  for (const folder of createRequire(importer).resolve.paths(name) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version: string };
      return version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return 'unknown';
}
