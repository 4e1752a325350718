import { privateOf } from './prisma-client.js';

/** One request on its way to Prisma's engine, as its loader gets it. */
export interface EngineRequest {
  readonly modelName?: unknown;
  readonly action?: unknown;
  readonly customDataProxyFetch?: unknown;
}

/** Where a client sends its requests: each alone, or several of one tick together. Private to Prisma. */
export interface LoaderOptions {
  singleLoader: (request: EngineRequest) => unknown;
  batchLoader: (requests: readonly EngineRequest[]) => unknown;
}

/** The loader of `client`; `undefined` if this version of Prisma has one of an unknown form. */
export function loaderOf(client: unknown): LoaderOptions | undefined {
  const options = privateOf(client, '_requestHandler', 'dataloader', 'options');
  return isLoaderOptions(options) ? options : undefined;
}

function isLoaderOptions(options: unknown): options is LoaderOptions {
  return (
    typeof privateOf(options, 'singleLoader') === 'function' && typeof privateOf(options, 'batchLoader') === 'function'
  );
}
