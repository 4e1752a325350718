/*
 * npm run torture: applications with caches on a real Redis and a real Postgres, faults, and a checker that knows from
 * the database what every read was allowed to answer.
 */
import { startPostgres } from '../support/services/postgres.js';
import { parseOptions, type TortureOptions, USAGE } from './options.js';
import type { Finding, Pace } from './period.js';
import { run } from './run.js';
import { MARGIN, TERMS } from './settings.js';
import { shareOf, sumOf, tableOf } from './table.js';

const PACE: Pace = { warmUp: 1_200, fault: 3_000, recovery: 2_500 };

const { minutes, seed, modes, faults, processes } = optionsOrExit();
const postgresUrl = process.env['DATABASE_URL'] || (await startPostgres()).url;
const all: Finding[] = [];
const tables: string[] = [];
const log = (text: string): boolean => process.stderr.write(`${text}\n`);
let violations = 0;
// Ctrl-C ends with the table, and leaves nothing behind.
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

for (const mode of modes) {
  if (stop.signal.aborted) break;
  const lasts = (minutes * 60_000) / modes.length;
  const outcome = await run({
    mode,
    seed,
    processes,
    postgresUrl,
    faults,
    pace: PACE,
    lasts,
    log,
    signal: stop.signal,
  });
  all.push(...outcome.findings);
  tables.push(tableOf(mode, outcome.findings));
  violations += sumOf(outcome.findings, (finding) => finding.violations.length);
  for (const story of outcome.stories) console.log(`\n${story}`);
  if (outcome.histories !== undefined) console.log(`\nThe whole history: ${outcome.histories}`);
}

const reads = sumOf(all, (finding) => finding.reads);
const percent = (source: string): string => `${(100 * shareOf(source, all)).toFixed(0)} %`;
console.log(`
${tables.join('\n\n')}

seed ${seed}, ${processes} processes, ${all.length} periods of ${(PACE.warmUp + PACE.fault + PACE.recovery) / 1_000} s: ${violations} violations in ${reads} reads
${percent('memory')} of them from memory, ${percent('redis')} from Redis${violations > 0 ? '' : `; with 95 % confidence fewer than ${(3e6 / reads).toFixed(1)} in a million are wrong`}
stalest: how long before the read a write was acknowledged that it did not know of. Bounded reads
  may miss ${TERMS.maxStaleness} ms (+ ${MARGIN}); what a writer could not tell Redis, until it could or for ${TERMS.ttl / 1_000} s (ttl)
rejected: ${sumOf(all, ({ failedReads }) => failedReads)} reads and ${sumOf(all, ({ failedWrites }) => failedWrites)} writes, of which ${sumOf(all, ({ lostAnswers }) => lostAnswers)} were committed all the same`);
process.exit(violations > 0 ? 1 : 0);

function optionsOrExit(): TortureOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}
