import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { createQueryCache, type QueryCache } from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import { median } from 'simple-statistics';
import type { Finding } from '../finding.js';
import type { Effort } from '../race.js';
import { spreadOf } from '../spread.js';
import { type User, updateOf, userById } from './changes.js';
import type { LogServer } from './log-server.js';
import { now } from './now.js';
import { WorkerProcess } from './worker-process.js';

/** How many different hits are one sample. */
const DIFFERENT = 16;
/** How many records of other models arrive per second, where they do. */
const RATE = 1_000;

/** As short as can be: a cache keeps nothing until what was announced before it is over. */
const INTENTS = { lease: '1s', fence: '1100ms' } as const;

/** A cache whose hits are measured. */
interface Contender {
  readonly cache: QueryCache;
  /** Writes what the cache hears of while it is measured. */
  readonly writer?: WorkerProcess;
}

/** What a round found, in microseconds per hit. */
interface Times {
  /** Of hits one after the other. */
  readonly steady: number;
  /** Of the first hit of each entry after a record has come, or a millisecond has passed. */
  readonly first: number;
}

/** T16: a hit in memory while the log is idle, with writes that are announced, and while records of other models arrive. */
export async function* busyHits(effort: Effort, server: LogServer): AsyncGenerator<Finding> {
  const contenders = {
    idle: await open(server, {}),
    intents: await open(server, { intents: true }),
    busy: await open(server, { busy: true }),
    both: await open(server, { intents: true, busy: true }),
  };
  const names = Object.keys(contenders) as (keyof typeof contenders)[];
  try {
    const rounds: Record<keyof typeof contenders, Times>[] = [];
    for (let round = 0; round <= effort.rounds; round += 1) {
      const times: Partial<Record<keyof typeof contenders, Times>> = {};
      // Forwards and backwards in turn: nobody always comes after the same one.
      for (const name of round % 2 === 0 ? names : [...names].reverse()) {
        times[name] = await timesOf(contenders[name], 5 * effort.milliseconds);
      }
      // The first warms up.
      if (round > 0) rounds.push(times as Record<keyof typeof contenders, Times>);
    }
    const ratio = (name: keyof typeof contenders, which: keyof Times) =>
      spreadOf(rounds.map((times) => times[name][which] / times.idle[which]));
    const goal = { atMost: 1.1 };
    yield { target: 'T16', what: 'memory hit, intents on ÷ off', found: ratio('intents', 'steady'), goal };
    const arriving = `${RATE.toLocaleString('en')} records/s arrive`;
    yield { target: 'T16', what: `memory hit, ${arriving} ÷ none`, found: ratio('busy', 'steady'), goal };
    yield { target: 'T16', what: `memory hit, the same, all announced ÷ none`, found: ratio('both', 'steady'), goal };
    yield { target: 'T16', what: `first hit after a record ÷ after 1 ms of nothing`, found: ratio('busy', 'first') };
    yield { target: 'T16', what: `the same, all announced`, found: ratio('both', 'first') };
  } finally {
    for (const { cache, writer } of Object.values<Contender>(contenders)) {
      await Promise.all([cache.close(), writer?.close()]);
    }
  }
}

async function open(
  server: LogServer,
  { intents = false, busy = false }: { readonly intents?: boolean; readonly busy?: boolean },
): Promise<Contender> {
  const options = { ...server.options(), intents: intents && INTENTS };
  const { url, namespace } = options;
  const shared = redis({ url, deadline: '10s' });
  const cache = createQueryCache({
    namespace,
    database: 'bench',
    shared,
    maxStaleness: '10s',
    intents: options.intents,
  });
  await cache.invalidate(updateOf('others', 0));
  await delay(1_200);
  for (let row = 0; row < DIFFERENT; row += 1) await cache.read(userById(row), async () => userOf(row));
  await cache.idle();
  return busy ? { cache, writer: await WorkerProcess.start(options) } : { cache };
}

async function timesOf({ cache, writer }: Contender, milliseconds: number): Promise<Times> {
  const all = 2 * milliseconds + 200;
  const writing = writer?.call('write', { rate: RATE, writes: (RATE * all) / 1_000 });
  await delay(100);
  const steady: number[] = [];
  for (const until = now() + milliseconds; now() < until; ) {
    steady.push(hits(cache));
    await setImmediate();
  }
  const first: number[] = [];
  for (const until = now() + milliseconds; now() < until; ) {
    await (writer === undefined ? passing() : recordIn(cache));
    first.push(hits(cache));
  }
  await writing;
  return { steady: median(steady), first: median(first) };
}

/** What one of {@link DIFFERENT} hits takes. @throws if one is a miss. */
function hits(cache: QueryCache): number {
  const begun = performance.now();
  for (let row = 0; row < DIFFERENT; row += 1) kept = cache.read(userById(row), refuse);
  const took = performance.now() - begun;
  if (kept instanceof Promise) throw new Error('There should have been a hit.');
  return (1_000 * took) / DIFFERENT;
}

/** Where answers go, so that no compiler finds the work useless. */
let kept: unknown;

/** Resolves when `cache` has heard of one more record. */
async function recordIn(cache: QueryCache): Promise<void> {
  const { seq } = cache.stats().log;
  while (cache.stats().log.seq === seq) await setImmediate();
}

async function passing(): Promise<void> {
  for (const until = now() + 1; now() < until; ) await setImmediate();
}

function userOf(row: number): User {
  return { id: row, name: 'Ada', createdAt: new Date(0) };
}

async function refuse(): Promise<never> {
  throw new Error('There should have been a hit.');
}
