import { quantile } from 'simple-statistics';
import type { Finding } from '../finding.js';
import { exactly, spreadOf } from '../spread.js';
import type { LogServer } from './log-server.js';
import type { Miss } from './row-watch.js';
import { WorkerProcess } from './worker-process.js';

const ROWS = 50;
const RATE = 1_000;

/** T17: from the acknowledgement of a write until the memory of another process stops answering with what was before. */
export async function* propagation(server: LogServer, writes: number): AsyncGenerator<Finding> {
  const options = server.options();
  const writer = await WorkerProcess.start(options);
  const reader = await WorkerProcess.start(options);
  try {
    await reader.call('watchRows', { rows: ROWS });
    const base = await server.head(options);
    const acknowledged = await writer.call('writeRows', { rows: ROWS, rate: RATE, writes });
    await reader.call('hear', { seq: await server.head(options) });
    const { misses, messages } = await reader.call('unwatchRows');
    const lags = lagsOf(acknowledged.writes, misses, base);
    const early = lags.filter((lag) => lag <= 0).length;
    const finding = (what: string, found: Finding['found'], more: Partial<Finding>): Finding => ({
      ...{ target: 'T17', what: `${writes.toLocaleString('en')} writes until another memory stops: ${what}`, found },
      ...{ unit: 'ms', ...more },
    });
    const after = lags.map((lag) => Math.max(0, lag));
    yield finding('p50', spreadOf(after), { goal: { atMost: 1 } });
    yield finding('p99', exactly(quantile(after, 0.99)), {});
    yield finding('max', exactly(Math.max(...after)), { goal: { atMost: 1_000 } });
    yield finding('at once', exactly((100 * early) / writes), { unit: '%' });
    const raw = messages.map((time, which) => Math.max(0, time - (acknowledged.messages[which] ?? 0)));
    const what = 'raw messages beside them until heard';
    yield { target: 'T17', what: `${what}: p50`, found: spreadOf(raw), unit: 'ms' };
    yield { target: 'T17', what: `${what}: p99`, found: exactly(quantile(raw, 0.99)), unit: 'ms' };
    yield { target: 'T17', what: `${what}: max`, found: exactly(Math.max(...raw)), unit: 'ms' };
  } finally {
    await Promise.all([writer.close(), reader.close()]);
  }
}

/**
 * By write, in milliseconds: less than nothing if memory stopped before the writer was answered.
 *
 * @param acknowledged - When each write was: of the rows in turn, one record each, in this order from `base` on.
 * @param misses - By row.
 */
function lagsOf(acknowledged: readonly number[], misses: readonly (readonly Miss[])[], base: number): number[] {
  return acknowledged.map((time, which) => {
    const miss = misses[which % misses.length]?.find(({ seq }) => seq > base + which);
    if (miss === undefined) throw new Error(`Memory went on answering after write ${which}.`);
    return miss.time - time;
  });
}
