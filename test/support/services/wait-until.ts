import { setTimeout as delay } from 'node:timers/promises';

/** Thrown by an attempt that no repetition can save. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
}

/**
 * Repeats `attempt` until it resolves.
 *
 * @throws A {@link GiveUp} at once; the last error, as the cause, once `timeout` milliseconds have passed.
 */
export async function waitUntil<Value>(what: string, attempt: () => Promise<Value>, timeout = 30_000): Promise<Value> {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof GiveUp) throw error;
      if (Date.now() > end) throw new Error(`${what}: not within ${timeout} ms (${String(error)})`, { cause: error });
      await delay(25);
    }
  }
}
