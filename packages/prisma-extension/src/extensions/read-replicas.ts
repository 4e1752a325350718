import { UnsafeSetupError } from '@cachetastic/core';
import type { QueryCall, QueryHook } from '../client/prisma-client.js';
import { privateOf } from '../client/prisma-client.js';

/** Operations that only the primary may answer, by the private parameters that Prisma passes with them. */
const forPrimary = new WeakSet<object>();

/** Whether `extension` is `@prisma/extension-read-replicas`, which has no name but gives clients these two methods. */
export function isReplicas(extension: object): boolean {
  return (
    typeof privateOf(extension, 'client', '$replica') === 'function' &&
    typeof privateOf(extension, 'client', '$primary') === 'function' &&
    typeof privateOf(extension, 'query', '$allOperations') === 'function'
  );
}

/**
 * The replicas extension, except that loads which must come from the primary go there.
 *
 * A replica may lag behind the log: its result would be cached with a stamp that is newer than the data.
 */
export function toPrimaryAware(extension: object): object {
  const query = privateOf(extension, 'query') as { readonly $allOperations: QueryHook };
  const choose = query.$allOperations;
  const $allOperations: QueryHook = function (call) {
    return usesPrimary(call) ? call.query(call.args) : choose.call(this, call);
  };
  return { ...extension, query: { ...query, $allOperations } };
}

/** Sends `call` to the primary, whatever replicas there are. */
export function usePrimary(call: QueryCall): void {
  const internal = call.__internalParams;
  if (typeof internal === 'object' && internal !== null) forPrimary.add(internal);
}

function usesPrimary(call: QueryCall): boolean {
  const internal = call.__internalParams;
  return typeof internal === 'object' && internal !== null && forPrimary.has(internal);
}

/** @throws {@link UnsafeSetupError} if `client` chooses replicas already: its reads would not reach the cache. */
export function refuseReplicas(client: unknown): void {
  if (typeof privateOf(client, '$replica') !== 'function') return;
  throw new UnsafeSetupError(
    '`readReplicas()` was applied before `cachetastic()`, so no read would reach the cache. Swap the order: `.$extends(cachetastic(…)).$extends(readReplicas(…))`.',
  );
}
