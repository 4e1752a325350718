import { createQueryCache, type Query, type QueryCacheOptions } from '@cachetastic/core';
import { decimals } from './decimals.js';
import type { Question } from './questions.js';

/** Core by itself, asked the questions that clients are asked: what a hit costs without Prisma. */
export class BareCache {
  readonly #cache;

  constructor(options: Pick<QueryCacheOptions, 'namespace' | 'memory' | 'shared' | 'maxStaleness'>) {
    this.#cache = createQueryCache({ ...options, database: 'bench', valueTypes: [decimals] });
  }

  /** Keeps `answer` for the `which`-th question of its kind. */
  async fill(question: Question, which: number, answer: unknown): Promise<void> {
    await this.#cache.read(toQuery(question, which), () => Promise.resolve(answer));
    await this.#cache.idle();
  }

  /** @throws if it is a miss. */
  read(question: Question, which: number): unknown {
    return this.#cache.read(toQuery(question, which), refuse);
  }

  close(): Promise<void> {
    return this.#cache.close();
  }
}

function toQuery(question: Question, which: number): Query {
  return {
    name: question.name,
    keyParts: ['User', question.operation, question.args(which)],
    footprint: { dependencies: [{ model: 'users' }], tags: [] },
    lifetime: { ttl: 600_000, swr: 0, grace: 0 },
  };
}

async function refuse(): Promise<never> {
  throw new Error('There should have been a hit.');
}
