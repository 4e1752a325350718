import { type Clients, type ErrorFormat, openClients } from './clients.js';
import type { Finding } from './finding.js';
import { appends } from './log/appends.js';
import { busyHits } from './log/busy-hits.js';
import { fanOut } from './log/fan-out.js';
import { type LogServer, withLogServer } from './log/log-server.js';
import { propagation } from './log/propagation.js';
import { codec } from './measures/codec.js';
import { crowds } from './measures/crowds.js';
import { drizzle } from './measures/drizzle.js';
import { invalidation } from './measures/invalidation.js';
import { keys } from './measures/keys.js';
import { memory } from './measures/memory.js';
import { memoryHits } from './measures/memory-hits.js';
import { misses } from './measures/misses.js';
import { redisHits } from './measures/redis-hits.js';
import type { BenchOptions } from './options.js';
import type { Effort } from './race.js';
import type { Servers } from './servers.js';

/** Some targets, and how they are measured. */
export interface Measure<Given extends readonly unknown[]> {
  readonly targets: readonly string[];
  readonly findings: (effort: Effort, ...given: Given) => AsyncIterable<Finding>;
}

/** What needs no server of others: processes of our own, and a Redis of our own for the log. */
export const LOCAL: ReadonlyArray<Measure<[BenchOptions]>> = [
  { targets: ['T1'], findings: keys },
  { targets: ['T9'], findings: codec },
  { targets: ['T10'], findings: (effort, { requests }) => memory(effort, { requests, keys: requests / 10 }) },
  { targets: ['T14'], findings: withLog(appends) },
  { targets: ['T15'], findings: withLog((_, server, { seconds }) => fanOut(server, seconds)) },
  { targets: ['T16'], findings: withLog(busyHits) },
  { targets: ['T17'], findings: withLog((_, server, { seconds }) => propagation(server, 1_250 * seconds)) },
];

/** What needs a database, Redis or both. */
export const SERVED: ReadonlyArray<Measure<[Servers]>> = [
  {
    targets: ['T2', 'T3', 'T4'],
    findings: withClients('colorless', (effort, clients) => memoryHits(effort, clients, '')),
  },
  {
    targets: ['T2', 'T3', 'T4'],
    findings: withClients('minimal', (effort, clients) => memoryHits(effort, clients, ', minimal')),
  },
  { targets: ['T5'], findings: withClients('colorless', redisHits) },
  { targets: ['T6'], findings: withClients('colorless', misses) },
  { targets: ['T7', 'T8'], findings: withClients('colorless', crowds) },
  { targets: ['T12'], findings: invalidation },
  { targets: ['T13'], findings: drizzle },
];

function withLog(
  measure: (effort: Effort, server: LogServer, options: BenchOptions) => AsyncIterable<Finding>,
): Measure<[BenchOptions]>['findings'] {
  return (effort, options) => withLogServer((server) => measure(effort, server, options));
}

function withClients(
  errorFormat: ErrorFormat,
  measure: (effort: Effort, clients: Clients, servers: Servers) => AsyncIterable<Finding>,
): Measure<[Servers]>['findings'] {
  return async function* (effort, servers) {
    const clients = openClients(servers, errorFormat);
    try {
      yield* measure(effort, clients, servers);
    } finally {
      await clients.close();
    }
  };
}
