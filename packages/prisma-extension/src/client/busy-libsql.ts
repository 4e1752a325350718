import type { CacheEvents } from '@cachetastic/core';
import { causesOf, type SessionState } from '@cachetastic/core/adapter';
import { loaderOf } from './engine-loader.js';
import { privateOf } from './prisma-client.js';

const watched = new WeakSet<object>();

/** The low byte of a code is SQLite's primary code. */
const BUSY = 5;

/**
 * Reports every request of `client` that finds a local file locked to `session`, if libsql runs them: its connection may then
 * show an old state. A downstream extension may catch the error and retry, so Prisma's loader is watched as well.
 */
export function watchBusyLibsql(client: unknown, session: SessionState, events: CacheEvents): void {
  const adapter = privateOf(client, '_engineConfig', 'adapter', 'adapterName');
  if (typeof adapter !== 'string' || !adapter.includes('libsql')) return;
  session.fallsBehindAfter(isBusy);
  const options = loaderOf(client);
  if (options === undefined || watched.has(options)) return;
  watched.add(options);
  const { singleLoader, batchLoader } = options;
  options.singleLoader = (request) => session.watch(async () => singleLoader(request), events);
  options.batchLoader = async (requests) => {
    const results = await session.watch(async () => batchLoader(requests), events);
    if (Array.isArray(results)) for (const result of results) session.failed(result, events);
    return results;
  };
}

/** Whether the database was locked. One on a server reports that without SQLite's code. */
function isBusy(error: unknown): boolean {
  return causesOf(error).some((cause) => {
    const raw = privateOf(cause, 'rawCode');
    if (typeof raw === 'number' && (raw & 0xff) === BUSY) return true;
    // As the driver adapter reports it.
    const kind = privateOf(cause, 'meta', 'driverAdapterError', 'cause', 'kind');
    return kind === 'SocketTimeout' || privateOf(cause, 'code') === 'P1008';
  });
}
