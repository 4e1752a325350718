import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../prisma/generated/client/client.js';
import type { Question } from './questions.js';
import type { Servers } from './servers.js';

/** A client as the measurements use it, whatever extends it. */
export interface Reader {
  readonly user: Readonly<Record<Question['operation'], (args: object) => PromiseLike<unknown>>>;
}

/** A reader with a cache. */
export interface CachedReader extends Reader {
  readonly $cache: {
    stats(): { readonly loads: number };
    idle(): Promise<void>;
    close(): Promise<void>;
  };
}

/** One connection pool, and the clients that read through it. */
export interface Clients {
  readonly plain: Reader;
  /** Caches in memory. */
  readonly inMemory: CachedReader;
  /** Caches in Redis alone. */
  readonly inRedis: CachedReader;
  /** Caches in both. */
  readonly both: CachedReader;

  /** A client with a query extension that answers by `answer`. */
  answering(answer: () => unknown): Reader;
  close(): Promise<void>;
}

/** The ways of Prisma to tell of errors: finding out where a query came from is most of what a hit costs by default. */
export type ErrorFormat = 'colorless' | 'minimal';

/** How long Redis may keep a measurement waiting: on a busy machine, hits must not become misses. */
export const PATIENCE = '10s';

export function openClients({ databaseUrl, redisUrl, namespace }: Servers, errorFormat: ErrorFormat): Clients {
  const plain = new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl }), errorFormat });
  const cached = (name: string, options: object): CachedReader =>
    plain.$extends(
      cachetastic({ namespace: `${namespace}.${errorFormat}.${name}`, ...options }),
    ) as unknown as CachedReader;
  const inMemory = cached('memory', {});
  const shared = { redis: { url: redisUrl, deadline: PATIENCE }, maxStaleness: PATIENCE };
  const inRedis = cached('redis', { ...shared, memory: false });
  const both = cached('both', shared);
  return {
    plain: plain as unknown as Reader,
    inMemory,
    inRedis,
    both,
    answering: (answer) =>
      plain.$extends({
        query: { $allModels: { $allOperations: () => Promise.resolve(answer()) } },
      }) as unknown as Reader,
    async close() {
      await Promise.all([inMemory, inRedis, both].map((client) => client.$cache.close()));
      await plain.$disconnect();
    },
  };
}

/** Asks the `which`-th question of its kind. */
export function ask(client: Reader, question: Question, which: number): PromiseLike<unknown> {
  return client.user[question.operation](question.args(which));
}

/**
 * The same from a client with a cache.
 *
 * @param scope - Makes it a question that nobody asked before.
 */
export function askCached(client: Reader, question: Question, which: number, scope?: number): PromiseLike<unknown> {
  const cache = scope === undefined ? true : { scope: String(scope) };
  return client.user[question.operation]({ ...question.args(which), cache });
}
