import { setTimeout as delay } from 'node:timers/promises';
import { now } from './now.js';

/** How much is asked for. */
export interface Pace {
  /** How many writes. */
  readonly writes: number;
  /** How many of them per second. */
  readonly rate: number;
}

/** How many writes may be under way: a writer that cannot keep up falls behind rather than over. */
const MOST_UNDER_WAY = 2_000;

/** Calls `write` at an even pace, whether or not earlier calls have ended. @returns How long it took, in milliseconds. */
export async function pace({ writes, rate }: Pace, write: (which: number) => Promise<void>): Promise<number> {
  const begun = now();
  const underWay = new Set<Promise<void>>();
  let sent = 0;
  while (sent < writes) {
    const due = Math.min(writes, Math.ceil(((now() - begun) / 1_000) * rate));
    for (; sent < due && underWay.size < MOST_UNDER_WAY; sent += 1) {
      const writing = write(sent).finally(() => underWay.delete(writing));
      underWay.add(writing);
    }
    await delay(1);
  }
  await Promise.all(underWay);
  return now() - begun;
}
