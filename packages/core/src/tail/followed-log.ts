import type { Clock } from '../clock.js';
import type { IntentTerms, LogPosition } from '../log/log-record.js';
import { MemoryLog } from '../log/memory-log.js';
import type { Change } from '../match/change.js';
import { type Lease, poolOf } from '../process/pool.js';
import type { ProcessBook } from '../process/process-book.js';
import { CacheEvents } from '../telemetry/events.js';
import type { OpenSharedStore } from '../tier/shared-store.js';
import type { Tier } from '../tier/tier.js';
import { LogTail } from './log-tail.js';
import { Neighbours } from './neighbours.js';

/** What {@link followLog} needs. */
export interface FollowOptions {
  /** The caches that the log may be followed together with. `undefined`: none. */
  readonly process: ProcessBook | undefined;
  /** Namespace and database. */
  readonly namespace: string;
  /** Opens the shared store, if there is one. `events` hears of its connection and its log. */
  readonly open: (events: CacheEvents) => OpenSharedStore | undefined;
  readonly clock: Clock;
  /** Of the cache. */
  readonly events: CacheEvents;
  /** In milliseconds. */
  readonly maxStaleness: number;
  readonly terms: IntentTerms | undefined;
}

/** A log that one cache follows, alone or together with others. */
export interface FollowedLog {
  readonly tail: LogTail;
  /** The shared tier of this one cache. */
  readonly tier: Tier | undefined;
  /** Appends this cache's changes: see {@link LogTail.append}. Every other cache of the process knows of them when it returns. */
  append(changes: readonly Change[], closes: readonly LogPosition[]): Promise<boolean>;
  /** Ends this cache's part. The last one to leave closes the log. Holds no reference to `events`. Never rejects. */
  readonly leave: () => Promise<void>;
  /** Reports what still waits as lost, unless other caches go on to deliver it. For a `leave` that takes too long. */
  abandon(): void;
}

/** A tail that several caches follow, which have the same log and the same options of following it. */
interface SharedTail {
  readonly tail: LogTail;
  /** Passes events on to all of these caches. */
  readonly events: CacheEvents;
  readonly neighbours: Neighbours;
  /** Opened by the first cache for all. */
  readonly opened: OpenSharedStore | undefined;
}

/**
 * Follows the log of `namespace`: together with the other caches of the process that follow it with the same options.
 * Caches that cannot share a tail exchange writes through {@link Neighbours}.
 */
export function followLog(options: FollowOptions): FollowedLog {
  const { process, open, events } = options;
  if (process !== undefined) return followTogether(options, process);
  const opened = open(events);
  const tail = makeTail(options, opened, events);
  return {
    tail,
    tier: opened?.tier,
    append: (changes, closes) => tail.append(changes, closes, events),
    leave: () => tail.close(),
    abandon: () => tail.outbox.abandon(),
  };
}

function followTogether(options: FollowOptions, process: ProcessBook): FollowedLog {
  const { namespace, open, maxStaleness, terms, events } = options;
  const hub = new CacheEvents();
  const opened = open(hub);
  const log = opened?.log && [opened.connection ?? opened.log, opened.log.length, maxStaleness];
  const key = [namespace, terms?.lease, terms?.fence, ...(log ?? [])];
  const lease = poolOf<SharedTail>(process, 'tails').take(key, () => {
    const tail = makeTail(options, opened, hub);
    const neighbours = new Neighbours({ process, namespace, tail, events: hub });
    return { tail, events: hub, neighbours, opened };
  });
  const { tail, neighbours } = lease.part;
  // The others follow the same one already.
  if (opened !== lease.part.opened) void opened?.log?.close();
  tail.report.greet(events);
  return {
    tail,
    tier: opened?.tier,
    append(changes, closes) {
      const appending = tail.append(changes, closes, events);
      neighbours.tell(changes);
      return appending;
    },
    leave: leaver(lease, passOn(lease.part.events, new WeakRef(events))),
    abandon() {
      // This cache has given up. The last of the others delivers what waits, or reports it as lost.
      if (lease.hasOthers) lease.end();
      else tail.outbox.abandon();
    },
  };
}

function makeTail(
  { clock, maxStaleness, terms }: FollowOptions,
  opened: OpenSharedStore | undefined,
  events: CacheEvents,
): LogTail {
  return new LogTail({ log: opened?.log ?? new MemoryLog({ clock }), clock, events, maxStaleness, terms });
}

/** Weakly: a cache that the application has dropped must not be kept by the caches that go on. */
function passOn(hub: CacheEvents, events: WeakRef<CacheEvents>): () => void {
  return hub.on((event) => events.deref()?.emit(event));
}

function leaver(lease: Lease<SharedTail>, stopListening: () => void): () => Promise<void> {
  const { tail, neighbours } = lease.part;
  return async () => {
    // A cache that opens meanwhile joins this tail, which knows of the changes that wait.
    if (!lease.hasOthers && tail.pending > 0) await tail.confirm(true);
    if (lease.end()) {
      neighbours.stopHearing();
      await tail.close();
      // Not before: a cache that opens meanwhile must hear of the changes that this tail still delivers.
      neighbours.leave();
    }
    stopListening();
  };
}
