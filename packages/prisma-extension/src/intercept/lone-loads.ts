import { type EngineRequest, loaderOf } from '../client/engine-loader.js';
import { privateOf, type QueryCall } from '../client/prisma-client.js';

/** Requests that were answered by themselves, by what Prisma makes for each. */
const lone = new WeakSet<object>();
const watched = new WeakSet<object>();

/**
 * Watches which requests of `client` are answered alone.
 *
 * Prisma answers the `findUnique`s of one tick by one statement, and finds the row of each by comparing keys in JavaScript. A
 * key that only the database finds equal (a UUID in capitals, `char(3)` without its blanks, a text under a collation that
 * is blind to case) then gets `null` because of what else was asked at that moment. Such a `null` must not be kept.
 *
 * If this Prisma has another loader than those we know, no request counts as alone.
 */
export function watchLoneLoads(client: unknown): void {
  const options = loaderOf(client);
  if (options === undefined || watched.has(options)) return;
  watched.add(options);
  const { singleLoader, batchLoader } = options;
  options.singleLoader = (request) => {
    remember(request);
    return singleLoader(request);
  };
  options.batchLoader = (requests) => {
    // The statements of a transaction: only requests that are all the same are answered by one statement.
    const [first] = requests;
    if (requests.some(({ action, modelName }) => action !== first?.action || modelName !== first?.modelName))
      for (const request of requests) remember(request);
    return batchLoader(requests);
  };
}

/** Whether `call`, which has been answered, was certainly answered by a statement of its own. */
export function wasLone(call: QueryCall): boolean {
  const made = privateOf(call.__internalParams, 'customDataProxyFetch');
  return typeof made === 'function' && lone.has(made);
}

// Prisma makes a new one of these functions for each request that passes through an extension, and hands it on to the loader.
function remember({ customDataProxyFetch: made }: EngineRequest): void {
  if (typeof made === 'function') lone.add(made);
}
