import { UnsafeSetupError } from '@cachetastic/core';

/** What we use of a client. Generated clients have no class in common, so it is described by its shape. */
export interface PrismaClientLike {
  $extends(extension: unknown): PrismaClientLike;
  $transaction(work: unknown, options?: unknown): PromiseLike<unknown>;
  $queryRawUnsafe(sql: string): PromiseLike<unknown>;
  $disconnect(): PromiseLike<void>;
}

/** What Prisma hands to a query extension for one operation. */
export interface QueryCall {
  /** Absent for raw SQL. */
  readonly model?: string | undefined;
  readonly operation: string;
  /** A copy of the caller's arguments that is ours. */
  readonly args: unknown;
  /** Goes on to the next extension, at last to the database. */
  readonly query: (args: unknown) => PromiseLike<unknown>;
  readonly __internalParams?: unknown;
}

/** A query extension. Prisma calls it as a method of the list of all those that apply to the operation. */
export type QueryHook = (this: unknown, call: QueryCall) => unknown;

export type TransactionOf = { readonly kind: 'itx'; readonly id: string } | { readonly kind: 'batch' } | undefined;

/** What Prisma passes with an operation beyond its public arguments. */
export interface CallContext {
  readonly transaction: TransactionOf;
  /** The path to the caller's value in the result: fluent calls query more than they return. */
  readonly dataPath: readonly string[];
}

/** Finds the {@link CallContext} of `call`; `undefined` if this version of Prisma passes it in an unknown form. */
export function contextOf(call: QueryCall): CallContext | undefined {
  const internal = call.__internalParams;
  if (typeof internal !== 'object' || internal === null || !('dataPath' in internal)) return undefined;
  const { dataPath } = internal;
  if (!Array.isArray(dataPath)) return undefined;
  const transaction = 'transaction' in internal ? internal.transaction : undefined;
  if (transaction === undefined || transaction === null) return { transaction: undefined, dataPath };
  if (typeof transaction !== 'object' || !('kind' in transaction)) return undefined;
  if (transaction.kind === 'batch') return { transaction: { kind: 'batch' }, dataPath };
  if (transaction.kind !== 'itx' || !('id' in transaction)) return undefined;
  return { transaction: { kind: 'itx', id: String(transaction.id) }, dataPath };
}

export function privateOf(client: unknown, ...path: readonly string[]): unknown {
  let value = client;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/** Whether `client` may refuse arguments that are explicitly `undefined`; `true` if its preview features are unknown. */
export function refusesUndefined(client: unknown): boolean {
  const features = privateOf(client, '_engineConfig', 'previewFeatures');
  return !Array.isArray(features) || features.includes('strictUndefinedChecks');
}

/** What the queries of `client` run on: the same object for all clients of a pool that was made outside of Prisma. */
export function connectionOf(client: unknown): unknown {
  const adapter = privateOf(client, '_engineConfig', 'adapter');
  return privateOf(adapter, 'externalPool') ?? adapter ?? privateOf(client, '_engine') ?? client;
}

/** @throws {@link UnsafeSetupError} unless `client` can be extended. */
export function asPrismaClient(client: unknown): PrismaClientLike {
  if (typeof privateOf(client, '$extends') === 'function' && typeof privateOf(client, '$transaction') === 'function') {
    return client as PrismaClientLike;
  }
  throw new UnsafeSetupError('`cachetastic()` extends a Prisma client: `new PrismaClient(…).$extends(cachetastic())`.');
}
