import type { KeyType } from '../key/key-type.js';
import { type Lease, poolOf } from '../process/pool.js';
import type { ProcessBook } from '../process/process-book.js';
import type { Resident } from '../read/resident.js';
import type { FollowedLog } from '../tail/followed-log.js';
import type { LogTail } from '../tail/log-tail.js';
import { CacheEvents } from '../telemetry/events.js';
import type { StatsCounter } from '../telemetry/stats-counter.js';
import type { ResolvedMemoryOptions } from '../tier/memory-options.js';
import { MemoryTier } from '../tier/memory-tier.js';

/** From this many memories of one database in one process on, the cache warns. */
export const MANY_MEMORIES = 10;

/** What {@link keepMemory} works with. */
export interface KeepOptions {
  /** `undefined`: the memory is used by this cache alone. */
  readonly process: ProcessBook | undefined;
  /** The object through which the cache reaches its database; `undefined` if that is not known. */
  readonly origin: object | undefined;
  readonly tail: LogTail;
  /** What options add to every key. */
  readonly identity: string;
  /** The classes of values in keys and results. */
  readonly types: readonly KeyType[];
  readonly bounds: ResolvedMemoryOptions;
  readonly events: CacheEvents;
  readonly stats: StatsCounter;
}

/** The memory of a cache, its own or shared. */
export interface KeptMemory {
  readonly memory: MemoryTier<Resident>;
  /** Ends this cache's use. The last cache to leave clears the memory. Holds no reference to `events`. */
  readonly leave: () => void;
}

interface SharedMemory {
  readonly memory: MemoryTier<Resident>;
  readonly tail: LogTail;
  /** Passes evictions on to every cache that uses the memory. */
  readonly events: CacheEvents;
}

/**
 * Makes the memory of a cache. A cache that reaches the same database through the same object, with equal options and by the
 * same tail, uses the same memory: it would keep equal entries under equal keys.
 *
 * The object must be the same because names are not enough: a copy of a database's files has the name of the original.
 */
export function keepMemory(options: KeepOptions): KeptMemory {
  const { process, origin, tail, identity, types, bounds, events, stats } = options;
  if (process === undefined || origin === undefined) {
    const { memory, events: hub } = makeMemory(bounds, tail);
    const stopListening = countEvictions(hub, new WeakRef(events), stats);
    return { memory, leave: clearer(memory, stopListening) };
  }
  const pool = poolOf<SharedMemory>(process, 'memories');
  const key = [tail, origin, identity, bounds.maxEntries, bounds.maxBytes, ...types];
  const lease = pool.take(key, () => makeMemory(bounds, tail));
  if (!lease.hasOthers) warnOfMany(pool.parts(), tail, events);
  const stopListening = countEvictions(lease.part.events, new WeakRef(events), stats);
  return { memory: lease.part.memory, leave: leaver(lease, stopListening) };
}

function makeMemory(bounds: ResolvedMemoryOptions, tail: LogTail): SharedMemory {
  const events = new CacheEvents();
  const memory = new MemoryTier<Resident>({ ...bounds, onEvict: (key) => events.emit({ type: 'evict', key }) });
  return { memory, tail, events };
}

function countEvictions(hub: CacheEvents, events: WeakRef<CacheEvents>, stats: StatsCounter): () => void {
  return hub.on((event) => {
    stats.evictions++;
    events.deref()?.emit(event);
  });
}

function warnOfMany(memories: Iterable<SharedMemory>, tail: LogTail, events: CacheEvents): void {
  const count = [...memories].filter((each) => each.tail === tail).length;
  if (count >= MANY_MEMORIES) events.emit({ type: 'many-caches', caches: count });
}

function clearer(memory: MemoryTier<Resident>, stopListening: () => void): () => void {
  return () => {
    memory.clear();
    stopListening();
  };
}

function leaver(lease: Lease<SharedMemory>, stopListening: () => void): () => void {
  return () => {
    if (lease.end()) lease.part.memory.clear();
    stopListening();
  };
}

/** Releases what a cache uses. Holds no reference to the cache, which may be garbage by then. */
export function releaser({ leave, tier }: FollowedLog, kept: KeptMemory | undefined): () => Promise<void> {
  return async () => {
    await leave();
    await tier?.close();
    kept?.leave();
  };
}
