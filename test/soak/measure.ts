import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const { SOAK_MINUTES } = process.env;

/** How long `npm run soak` lasts. `npm run test:long` has no time: it takes a few rounds of everything. */
export const MINUTES: number | undefined = SOAK_MINUTES === undefined ? undefined : Number(SOAK_MINUTES);

/** How often something is done: `few` times in `npm run test:long`, `many` times in `npm run soak`. */
export function times(few: number, many: number): number {
  return MINUTES === undefined ? few : many;
}

/** The bytes in use after everything that can be collected was collected. */
export async function heapAfterCollection(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What the first run finalizes is free only after the second.
  for (let run = 0; run < 2; run++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

/** What keeps this process alive, by kind: sockets, timers. */
export function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** The kinds of which there are more than in `before`, and how many more. */
export function more(before: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const grown = Object.entries(resources()).map(([kind, count]) => [kind, count - (before[kind] ?? 0)] as const);
  return Object.fromEntries(grown.filter(([kind, by]) => by > 0 && !OF_THE_MOMENT.has(kind)));
}

/** They come and go with any work, the runner's own included. */
const OF_THE_MOMENT = new Set(['Immediate', 'FSReqCallback', 'FSReqPromise', 'GetAddrInfoReqWrap', 'TCPConnectWrap']);
