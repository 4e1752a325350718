import { CodecError } from '../errors.js';
import type { SharedStore, SharedStoreContext } from '../tier/shared-store.js';
import type { Tier } from '../tier/tier.js';
import type { DatabaseIdentity } from './database-identity.js';

/** Where the shared tier keeps the mark. Keys of queries are digests, so none has this name. */
const KEY = 'server';
/** How long the mark is kept, in milliseconds. */
const LIFE = 7 * 24 * 3_600_000;
/** If the tier does not answer, it is asked again after so many milliseconds, and so often. */
const AGAIN = 1_000;
const ATTEMPTS = 10;

/**
 * The shared tier, which also reports if two servers use one name for their databases.
 *
 * A copy of a database's files has the name of the original, so both would share cached results. Each client leaves a mark of its
 * server in the tier. If the mark that it finds there differs from its own, it emits `two-servers`. A fail-over looks the same, so the
 * event stops nothing.
 *
 * @param identity - Its `server` is `<address>:<port> <start time>`. Absent: nothing is compared.
 */
export function reportingTwoServers(
  shared: SharedStore | undefined,
  { server }: Pick<DatabaseIdentity, 'server'>,
): SharedStore | undefined {
  if (shared === undefined || server === undefined) return shared;
  return {
    name: shared.name,
    open(context) {
      const opened = shared.open(context);
      if (opened.tier !== undefined) void compareServers(opened.tier, context, server, ATTEMPTS);
      return opened;
    },
  };
}

async function compareServers(
  tier: Tier,
  context: SharedStoreContext,
  server: string,
  attempts: number,
): Promise<void> {
  const { clock, events } = context;
  try {
    const other = await markIn(tier);
    if (other === server) return;
    await tier.set(KEY, markOf(server), LIFE);
    if (typeof other === 'string' && areTwo(server, other)) {
      events.emit({ type: 'two-servers', servers: [addressOf(server), addressOf(other)] });
    }
  } catch {
    // The reads of the cache report a tier that does not answer; a client that was closed meanwhile has nothing to report.
    if (attempts > 1) clock.schedule(() => void compareServers(tier, context, server, attempts - 1), AGAIN);
  }
}

/** The mark that is there; `undefined` if there is none that can be read. */
async function markIn(tier: Tier): Promise<unknown> {
  try {
    return (await tier.get(KEY))?.value;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

function markOf(server: string) {
  return {
    value: server,
    footprint: { dependencies: [], tags: [] },
    stamp: { epoch: '', seq: 0 },
    createdAt: 0,
    staleAt: 0,
    refreshUntil: 0,
    expiresAt: 0,
  };
}

/** One server may be reached by several addresses, and starts at another time after a restart. Two differ in both. */
function areTwo(one: string, other: string): boolean {
  return addressOf(one) !== addressOf(other) && startOf(one) !== startOf(other);
}

function addressOf(server: string): string {
  return server.split(' ')[0] ?? server;
}

function startOf(server: string): string | undefined {
  return server.split(' ')[1];
}
