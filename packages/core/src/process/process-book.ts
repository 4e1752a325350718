import { type Clock, systemClock } from '../clock.js';

/** Every copy of this module, of any version, finds the book at this symbol. */
const BOOK = Symbol.for('cachetastic.process.v1');

/** A group of caches that follows one log, as the other groups of the process see it. */
export interface Neighbour {
  /** Applies a record of changes that another group writes now, in the format of the log, before it returns. */
  hear(record: string): void;
  /** The records that this group's log has not acknowledged yet. */
  waiting(): readonly string[];
}

/**
 * What the caches of one process know of each other.
 *
 * Bundlers and package managers put several copies of this module, also of different versions, into one process. So the
 * book's shape is plain and does not change under its symbol.
 */
export interface ProcessBook {
  /** By namespace and database: the groups that must apply a write before it is acknowledged. */
  readonly neighbours: Map<string, Set<Neighbour>>;
  /** The pools of objects that copies of the same version share, by version and name. */
  readonly pools: Map<string, unknown>;
  /** The names of databases that live in the memory of one client, by the client. */
  readonly names: WeakMap<object, string>;
}

const holder = globalThis as unknown as Record<symbol, ProcessBook | undefined>;

// Not in the book, whose shape is fixed: only tests give a process another clock.
const clocks = new WeakMap<ProcessBook, Clock>();

/** @param clock - What {@link clockOf} returns for this process. @defaultValue the system's */
export function newProcessBook(clock?: Clock): ProcessBook {
  const book: ProcessBook = { neighbours: new Map(), pools: new Map(), names: new WeakMap() };
  if (clock !== undefined) clocks.set(book, clock);
  return book;
}

/** The clock by which the clients of `process` decide when to read the database's catalogue again. */
export function clockOf(process: ProcessBook): Clock {
  return clocks.get(process) ?? systemClock;
}

/** The book of the process that runs now. A worker thread has one of its own. */
export function currentProcess(): ProcessBook {
  holder[BOOK] ??= newProcessBook();
  return holder[BOOK];
}

/** The name of a database that is in the memory of `client` alone: the same for every cache that uses this client. */
export function nameByClient({ names }: ProcessBook, client: object): string {
  const name = names.get(client) ?? crypto.randomUUID();
  names.set(client, name);
  return name;
}

/** Runs `work`, which must be synchronous, as if it belonged to the process of `book`. */
export function withProcess<Value>(book: ProcessBook, work: () => Value): Value {
  const before = holder[BOOK];
  holder[BOOK] = book;
  try {
    return work();
  } finally {
    holder[BOOK] = before;
  }
}
