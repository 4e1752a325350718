import type { Duration } from '@cachetastic/core';
import type { CachetasticOptions } from '@cachetastic/prisma-extension';
import type { Tasks } from './tasks.js';

/** What the second process opens: options that a message can carry. */
export interface Setup {
  readonly databaseUrl: string;
  /** @defaultValue `7` */
  readonly prisma?: 6 | 7;
  readonly options: Pick<
    CachetasticOptions,
    'namespace' | 'mode' | 'ttl' | 'swr' | 'grace' | 'maxStaleness' | 'memory' | 'database'
  > & { readonly redis?: string | { readonly url: string; readonly deadline?: Duration } };
}

export interface Request {
  readonly id: number;
  readonly task: 'open' | keyof Tasks;
  readonly input: unknown;
}

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string };
