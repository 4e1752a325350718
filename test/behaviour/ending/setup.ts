import type { Duration } from '@cachetastic/core';

/** What the script of `script.ts` does. */
export interface ScriptSetup {
  readonly orm: 'prisma' | 'drizzle';
  readonly database: string;
  /** How Cachetastic is told of Redis: by its URL, or by a client that the script made. */
  readonly way: 'url' | 'client' | 'cluster';
  readonly redis: string;
  readonly namespace: string;
  readonly deadline: Duration;
}
