import type { Duration } from '@cachetastic/core';
import type { CachetasticOptions } from '@cachetastic/prisma-extension';

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
