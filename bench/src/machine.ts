import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** What a reader must know before the ratios: where they come from. */
export function machine(): string {
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} × ${processor?.model.trim() ?? 'unknown processor'}, ${memory} GB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

export function versions(): string {
  const lines = [
    ['@prisma/client', 'drizzle-orm', 'ioredis'],
    ['msgpackr', 'lru-cache', 'object-hash'],
  ];
  return lines.map((names) => names.map((name) => `${name} ${versionOf(name)}`).join(', ')).join('\n');
}

/** Of what this folder would import. Not every package lets its package.json be imported. */
function versionOf(name: string): string {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version: string };
      return version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return 'unknown';
}
