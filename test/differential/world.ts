import type { CacheEvent, CacheStats, ReadInfo } from '@cachetastic/core';

/** One random read or write, made of a seed alone: two processes make the same of it. */
export interface Act {
  /** What a report shows of it. */
  text(): string;
  /** What `$cached` takes in addition to the `ttl`. */
  readonly options?: object;
  run(db: object): PromiseLike<unknown>;
}

/** A client or database that caches, of either adapter. */
export interface CachingDb {
  $cached(options: object): object;
  readonly $cache: {
    explain<Data>(work: () => PromiseLike<Data>): PromiseLike<{ readonly data: Data; readonly info: ReadInfo }>;
    stats(): CacheStats;
    clear(): Promise<void>;
    close(): Promise<void>;
    on(listener: (event: CacheEvent) => void): () => void;
  };
}

/** What one process plays with. */
export interface Clients {
  /** Know no cache: what the database says. Several, so that none has to wait for the others. */
  readonly plain: readonly object[];
  readonly caching: readonly CachingDb[];
  /** Equal for two values only if these are equal in content and in class. */
  textOf(value: unknown): string;
  /** Equal for two errors that an application cannot tell apart. */
  errorText(error: unknown): string;
  close(): Promise<void>;
}

/** Options that a message can carry to another process. */
export interface SharedOptions {
  readonly namespace: string;
  /** Absent: the clients of one process share what they know, and there is no other process. */
  readonly redis?: { readonly url: string; readonly deadline: '5s' };
}

/** A database of one run. */
export interface Base {
  /** Where any process reaches it. */
  readonly address: string;
  /** Puts the first rows back. */
  reset(): Promise<void>;
  drop(): Promise<void>;
}

/** An adapter on a database, with a schema to play in. */
export interface World {
  readonly name: string;
  readonly withoutRedis?: boolean;
  /** Prisma's own answer to a unique key depends on what else was asked in the same tick, so reads are asked one by one. */
  readonly oneByOne?: boolean;
  /**
   * Writes run one after another. libsql answers a second writer of one process with SQLITE_BUSY, and then its connection may go on
   * showing an old state, to a client without a cache too. The cache steps aside there, so that nothing would be left to compare.
   */
  readonly oneWriter?: boolean;
  create(): Promise<Base>;
  /** Opens a plain client and `count` caching ones. */
  open(address: string, options: SharedOptions, count: number): Promise<Clients>;
  read(seed: number): Act;
  write(seed: number): Act;
  /** Reads what no write changes: it is loaded again only after a write that invalidated everything. */
  readonly canary: Act;
}

/** How many clients without a cache a process opens. */
export const PLAIN_CLIENTS = 4;

/** `world`, for clients of one process only. */
export function withoutRedis(world: World): World {
  return { ...world, name: `${world.name}-without-redis`, withoutRedis: true };
}
