import type { CacheEvents } from '@cachetastic/core';
import { causesOf, type SessionState } from '@cachetastic/core/adapter';
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
  return causesOf(error).some((cause) => {
    const raw = privateOf(cause, 'rawCode');
    if (typeof raw === 'number' && (raw & 0xff) === BUSY) return true;
    // What the adapter makes of it.
    const kind = privateOf(cause, 'meta', 'driverAdapterError', 'cause', 'kind');
    return kind === 'SocketTimeout' || privateOf(cause, 'code') === 'P1008';
  });
}
