import { setTimeout as delay } from 'node:timers/promises';
import type { CacheStats } from '@cachetastic/core';

/**
 * Waits until a process has applied the invalidation log up to `seq`.
 *
 * @returns How long it waited, in milliseconds.
 * @throws Once `timeout` milliseconds have passed.
 */
export async function reachedLog(cache: { stats(): CacheStats }, seq: number, timeout = 5_000): Promise<number> {
  const began = performance.now();
  for (;;) {
    const { log } = cache.stats();
    const waited = performance.now() - began;
    if (log.seq !== undefined && log.seq >= seq) return waited;
    if (waited > timeout)
      throw new Error(`Record ${seq} of the log was not heard within ${timeout} ms (at ${log.seq})`);
    await delay(1);
  }
}
