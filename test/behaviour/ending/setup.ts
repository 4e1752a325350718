import type { Duration } from '@cachetastic/core';

/** What the script of `script.ts` does. */
export interface ScriptSetup {
  readonly orm: 'prisma' | 'drizzle';
  readonly database: string;
  /** How Cachetastic gets Redis: by its URL, or as a client that the script made. */
  readonly way: 'url' | 'client' | 'cluster';
  readonly redis: string;
  readonly namespace: string;
  readonly deadline: Duration;
}
