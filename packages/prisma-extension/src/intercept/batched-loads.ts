import { type EngineRequest, loaderOf } from '../client/engine-loader.js';
import { privateOf, type QueryCall } from '../client/prisma-client.js';

/** Requests that ran in a statement of their own, by the function that Prisma makes for each. */
const alone = new WeakSet<object>();
const watched = new WeakSet<object>();

/**
 * Watches which requests of `client` run in a statement of their own.
 *
 * Prisma sends the `findUnique`s of one tick in one statement, and finds the row of each by comparing keys in JavaScript. A key
 * that only the database finds equal (a UUID in capitals, `char(3)` without its blanks, a string under a collation that ignores
 * case) then gets `null`, but only in such a batch. Such a `null` must not be cached.
 *
 * If this version of Prisma has a loader of an unknown form, no request counts as alone.
 */
export function watchBatches(client: unknown): void {
  const options = loaderOf(client);
  if (options === undefined || watched.has(options)) return;
  watched.add(options);
  const { singleLoader, batchLoader } = options;
  options.singleLoader = (request) => {
    remember(request);
    return singleLoader(request);
  };
  options.batchLoader = (requests) => {
    // If they differ they are statements of a transaction: only requests of one operation and model share a statement.
    const [first] = requests;
    if (requests.some(({ action, modelName }) => action !== first?.action || modelName !== first?.modelName))
      for (const request of requests) remember(request);
    return batchLoader(requests);
  };
}

/** Whether `call`, which has a result, certainly ran in a statement of its own. */
export function ranAlone(call: QueryCall): boolean {
  const fetch = privateOf(call.__internalParams, 'customDataProxyFetch');
  return typeof fetch === 'function' && alone.has(fetch);
}

// Prisma makes a new function of this name for each request that passes through an extension, and passes it to the loader.
function remember({ customDataProxyFetch: fetch }: EngineRequest): void {
  if (typeof fetch === 'function') alone.add(fetch);
}
