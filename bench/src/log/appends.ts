import { CacheEvents, systemClock } from '@cachetastic/core';
import { type RedisStore, redis } from '@cachetastic/core/redis';
import type { Finding } from '../finding.js';
import type { Effort } from '../race.js';
import { spreadOf } from '../spread.js';
import { updateOf } from './changes.js';
import type { LogServer, Spent } from './log-server.js';
import { now } from './now.js';
import type { OpenOptions } from './tasks.js';
import { WorkerProcess } from './worker-process.js';

type OpenStore = ReturnType<RedisStore['open']>;

/** How many appends one process has under way. */
const AT_ONCE = [1, 16, 256];

/** How many connections hear of every record. */
const SUBSCRIPTIONS = [10, 100];

/** What a round found. */
interface Round {
  readonly perSecond: number;
  readonly script: number;
  readonly cpu: number;
}

/** T14: how many records a second one process can append if it does nothing else, and what one costs Redis. */
export async function* appends(effort: Effort, server: LogServer): AsyncGenerator<Finding> {
  const options = server.options();
  const { log, close } = open(options);
  const listeners = await WorkerProcess.start(server.options());
  const measure = async (atOnce: number) => {
    await round(server, log, atOnce, 500);
    const rounds: Round[] = [];
    for (let done = 0; done < effort.rounds; done += 1) {
      rounds.push(await round(server, log, atOnce, 5 * effort.milliseconds));
    }
    return (field: keyof Round) => spreadOf(rounds.map((found) => found[field]));
  };
  try {
    for (const atOnce of AT_ONCE) {
      const spread = await measure(atOnce);
      const when = `${atOnce} at once`;
      yield { target: 'T14', what: `appends by one process, ${when}`, found: spread('perSecond'), unit: '/s' };
      yield { target: 'T14', what: `Redis per append, the script, ${when}`, found: spread('script'), unit: 'µs' };
      yield { target: 'T14', what: `Redis per append, in all, ${when}`, found: spread('cpu'), unit: 'µs' };
    }
    let subscribed = 0;
    for (const count of SUBSCRIPTIONS) {
      await listeners.call('subscribe', { channel: `{${options.namespace}}:changes:0`, count: count - subscribed });
      subscribed = count;
      const spread = await measure(16);
      yield {
        target: 'T14',
        what: `the same in all, 16 at once, ${count} subscriptions`,
        found: spread('cpu'),
        unit: 'µs',
      };
    }
  } finally {
    await Promise.all([close(), listeners.close()]);
  }
}

function open({ url, namespace }: OpenOptions): Pick<OpenStore, 'log'> & { close(): Promise<void> } {
  const context = { namespace, valueTypes: [], events: new CacheEvents(), clock: systemClock };
  const { tier, log } = redis({ url, deadline: '10s' }).open(context);
  return { log, close: async () => void (await Promise.all([tier.close(), log.close()])) };
}

async function round(server: LogServer, log: OpenStore['log'], atOnce: number, milliseconds: number): Promise<Round> {
  const before = await server.spent();
  const begun = now();
  const until = begun + milliseconds;
  let appended = 0;
  const append = async (): Promise<void> => {
    for (; now() < until; appended += 1) await log.append(updateOf('users', appended));
  };
  await Promise.all(Array.from({ length: atOnce }, append));
  const took = now() - begun;
  const after = await server.spent();
  const per = (field: keyof Spent): number => (after[field] - before[field]) / appended;
  return { perSecond: (1_000 * appended) / took, script: per('inScripts'), cpu: per('cpu') };
}
