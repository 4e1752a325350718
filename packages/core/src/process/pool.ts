import { VERSION } from '../version.js';
import type { ProcessBook } from './process-book.js';

interface Holding<Part> {
  readonly key: readonly unknown[];
  readonly part: Part;
  users: number;
}

/** One user's hold on a part of a {@link Pool}. */
export interface Lease<Part> {
  readonly part: Part;
  /** Whether other users have the part now. */
  readonly hasOthers: boolean;
  /** Ends the hold. @returns Whether it was the last one: the part has left the pool and is the caller's to close. */
  end(): boolean;
}

/** Parts that several caches of a process use together: the first user makes a part, the last one closes it. */
export class Pool<Part> {
  readonly #holdings = new Set<Holding<Part>>();

  /** Every part that is in use. */
  *parts(): Iterable<Part> {
    for (const { part } of this.#holdings) yield part;
  }

  /** Takes the part whose key has the same elements as `key`, or makes it. */
  take(key: readonly unknown[], make: () => Part): Lease<Part> {
    const holding = this.#find(key) ?? this.#add({ key, part: make(), users: 0 });
    holding.users += 1;
    let ended = false;
    return {
      part: holding.part,
      get hasOthers() {
        return holding.users > (ended ? 0 : 1);
      },
      end: () => {
        if (ended) return false;
        ended = true;
        holding.users -= 1;
        return holding.users === 0 && this.#holdings.delete(holding);
      },
    };
  }

  #find(key: readonly unknown[]): Holding<Part> | undefined {
    for (const holding of this.#holdings) {
      if (holding.key.length === key.length && key.every((element, index) => Object.is(element, holding.key[index]))) {
        return holding;
      }
    }
    return undefined;
  }

  #add(holding: Holding<Part>): Holding<Part> {
    this.#holdings.add(holding);
    return holding;
  }
}

/** The pool called `name` of `process`. Another version of this module has pools of its own: its parts may be made differently. */
export function poolOf<Part>(process: ProcessBook, name: string): Pool<Part> {
  const key = `${VERSION} ${name}`;
  const pool = (process.pools.get(key) as Pool<Part> | undefined) ?? new Pool<Part>();
  process.pools.set(key, pool);
  return pool;
}
