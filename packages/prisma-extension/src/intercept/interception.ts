import type { CacheEvents, Reason } from '@cachetastic/core';
import type { DatabaseCatalogue, Explaining, LazyCache, SessionState } from '@cachetastic/core/adapter';
import type { Analyzer } from '../analysis/analyzer.js';
import type { CallContext, QueryCall } from '../client/prisma-client.js';
import type { Downstream } from '../extensions/extension-order.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import type { Transactions } from './transactions.js';

/** What every interception works with: the parts of one extended client. */
export interface Parts {
  readonly options: ResolvedOptions;
  readonly analyzer: Analyzer;
  /** Prisma's name for the database. */
  readonly provider: string | undefined;
  readonly lazyCache: LazyCache;
  readonly catalogue: DatabaseCatalogue;
  readonly session: SessionState;
  readonly events: CacheEvents;
  readonly transactions: Transactions;
  readonly explaining: Explaining;
  /** Whether the client had computed fields before our extension. */
  readonly computes: boolean;
  /** Whether Prisma may distinguish an argument that is `undefined` from an absent one. */
  readonly strict: boolean;
}

/** One operation on its way to the database. */
export interface Interception {
  readonly call: QueryCall;
  /** `undefined`: this version of Prisma does not show whether it runs in a transaction. */
  readonly context: CallContext | undefined;
  readonly downstream: Downstream;
}

/** What events and statistics call an operation. */
export function nameOf({ model, operation }: QueryCall): string {
  return model === undefined ? operation : `${model}.${operation}`;
}

/** The reason why a downstream extension is not trusted; `undefined` if all are. */
export function distrustOf({ untrusted }: Downstream): Reason | undefined {
  return untrusted.length === 0 ? undefined : `later-query-extension: ${untrusted.join(', ')}`;
}

/** `args` without the `cache` argument, which Prisma does not know, and that argument. */
export function takeCacheArgument(args: unknown): { readonly args: unknown; readonly cache: unknown } {
  if (typeof args !== 'object' || args === null || !Object.hasOwn(args, 'cache')) return { args, cache: undefined };
  const { cache, ...rest } = args as { readonly cache?: unknown };
  return { args: rest, cache };
}
