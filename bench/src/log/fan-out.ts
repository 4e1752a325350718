import { setTimeout as delay } from 'node:timers/promises';
import type { Finding } from '../finding.js';
import { exactly, spreadOf } from '../spread.js';
import type { LogServer } from './log-server.js';
import { now } from './now.js';
import type { OpenOptions, Progress } from './tasks.js';
import { WorkerProcess } from './worker-process.js';

const RATES = [1_000, 10_000];
const RECEIVERS = [1, 10];

/** Those who take part: one process that writes and hears itself, one that hears without a cache, and receivers. */
interface Cast {
  readonly server: LogServer;
  readonly options: OpenOptions;
  readonly raw: WorkerProcess;
  readonly writer: WorkerProcess;
  readonly receivers: readonly WorkerProcess[];
}

/** T15: what a record costs Redis and every process that hears of it, and whether they keep up. */
export async function* fanOut(server: LogServer, seconds: number): AsyncGenerator<Finding> {
  const options = server.options();
  const writer = await WorkerProcess.start(options);
  const raw = await WorkerProcess.start(server.options());
  await raw.call('listen', { channel: `{ct:${options.namespace}:bench}:changes:0` });
  const receivers: WorkerProcess[] = [];
  try {
    for (const count of RECEIVERS) {
      while (receivers.length < count) receivers.push(await WorkerProcess.start(options));
      for (const rate of RATES) yield* measure({ server, options, raw, writer, receivers }, rate, seconds);
    }
  } finally {
    await Promise.all([raw, writer, ...receivers].map((worker) => worker.close()));
  }
}

async function* measure(cast: Cast, rate: number, seconds: number): AsyncGenerator<Finding> {
  const { server, options, writer, receivers } = cast;
  const writes = rate * seconds;
  await delay(500);
  const idle = await spend(cast, () => delay(1_000 * seconds));
  const loaded = await spend(cast, () => writer.call('write', { rate, writes }));
  const head = await server.head(options);
  const seen = await Promise.all(receivers.map((receiver) => receiver.call('progress')));
  const asked = now();
  await Promise.all(receivers.map((receiver) => receiver.call('hear', { seq: head })));
  const late = now() - asked;

  const { took, acknowledged } = loaded.result;
  const per = (spent: number, spentIdle: number): number => (spent - (spentIdle * took) / (1_000 * seconds)) / writes;
  const cpus = loaded.receivers.map((spent, index) => per(spent, idle.receivers[index] ?? 0));
  const when = `${rate.toLocaleString('en')}/s, ${receivers.length === 1 ? '1 receiver' : `${receivers.length} receivers`}`;
  const finding = (what: string, found: Finding['found'], more: Partial<Finding>): Finding => ({
    ...{ target: 'T15', what: `${when}: ${what}`, found },
    ...more,
  });
  yield finding('reached', exactly((1_000 * acknowledged) / took), { unit: '/s' });
  yield finding('Redis per record', exactly(per(loaded.redis, idle.redis)), { unit: 'µs' });
  yield finding('a receiver per record', spreadOf(cpus), { unit: 'µs' });
  yield finding('a raw subscription per record', exactly(per(loaded.raw, idle.raw)), { unit: 'µs' });
  yield finding('the writer per record', exactly(per(loaded.writer, idle.writer)), { unit: 'µs' });
  yield finding('behind after the last write', exactly(Math.max(...seen.map(({ seq }) => head - seq))), {});
  yield finding('until all have heard', exactly(late), { unit: 'ms' });
  const before = loaded.before;
  const told = seen.map(({ records }, index) => records - (before[index]?.records ?? 0));
  const total = (field: 'outOfOrder' | 'resets'): number =>
    seen.reduce((sum, progress, index) => sum + progress[field] - (before[index]?.[field] ?? 0), 0);
  yield finding('told by messages, of all writes', exactly((100 * Math.min(...told)) / writes), { unit: '%' });
  yield finding('records out of order', exactly(total('outOfOrder')), { goal: { atMost: 0 } });
  yield finding('resets', exactly(total('resets')), { goal: { atMost: 0 } });
}

/** What everybody's processor did during `work`, in microseconds. */
async function spend<Result>({ server, raw, writer, receivers }: Cast, work: () => Promise<Result>) {
  const progress = (): Promise<Progress[]> =>
    Promise.all([raw, writer, ...receivers].map((each) => each.call('progress')));
  const [redisBefore, [rawBefore, writerBefore, ...before]] = await Promise.all([server.spent(), progress()]);
  const result = await work();
  const [redisAfter, [rawAfter, writerAfter, ...after]] = await Promise.all([server.spent(), progress()]);
  return {
    result,
    before,
    redis: redisAfter.cpu - redisBefore.cpu,
    raw: (rawAfter?.cpu ?? 0) - (rawBefore?.cpu ?? 0),
    writer: (writerAfter?.cpu ?? 0) - (writerBefore?.cpu ?? 0),
    receivers: after.map(({ cpu }, index) => cpu - (before[index]?.cpu ?? 0)),
  };
}
