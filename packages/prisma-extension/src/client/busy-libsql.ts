import type { CacheEvents } from '@cachetastic/core';
import type { SessionState } from '@cachetastic/core/adapter';
import { loaderOf } from './engine-loader.js';
import { privateOf } from './prisma-client.js';

const watched = new WeakSet<object>();

/** The low byte of a code is SQLite's primary code. */
const BUSY = 5;

/**
 * Has `session` hear of every request of `client` that finds a local file locked, if libsql answers them: its connection
 * may show an old state then. An extension behind our hook may take the error and try again, so Prisma's loader is watched as well.
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
    const answers = await session.watch(async () => batchLoader(requests), events);
    if (Array.isArray(answers)) for (const answer of answers) session.failed(answer, events);
    return answers;
  };
}

/** A database behind a network says so without SQLite's number. */
function isBusy(error: unknown): boolean {
  for (let found = error, depth = 0; found !== undefined && found !== null && depth < 5; depth++) {
    const raw = privateOf(found, 'rawCode');
    if (typeof raw === 'number' && (raw & 0xff) === BUSY) return true;
    // What the adapter makes of it.
    if (privateOf(found, 'meta', 'driverAdapterError', 'cause', 'kind') === 'SocketTimeout') return true;
    if (privateOf(found, 'code') === 'P1008') return true;
    found = privateOf(found, 'cause');
  }
  return false;
}
