import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { timed } from './measure.js';
import type { Question } from './questions.js';
import type { Shop } from './shop.js';

/** A product whose stock only grows, so that an old answer can be told from a new one. */
export const CHANGING_PRODUCT = 77;
const PAUSE = { read: 4, write: 25 } as const;

/** What happened in a stretch of time; times are in milliseconds. */
export interface Seen {
  readonly reads: number[];
  readonly writes: number[];
  /** What reads and writes rejected with. */
  readonly failures: unknown[];
  /** Answers to the client that writes that were older than what it had written. */
  staleHere: number;
  /** For how long at most, within this stretch, the other client was given an old row after a write was acknowledged. */
  behind: number;
}

/** Reads and writes of two clients, measured and checked. */
export class Traffic {
  readonly #here: Shop;
  readonly #there: Shop;
  readonly #questions: readonly Question[];
  /** When each value of the stock was acknowledged. The last is what everybody should see. */
  readonly #acknowledged: { readonly stock: number; readonly at: number }[] = [];
  #stock = 1_000;

  constructor(here: Shop, there: Shop, questions: readonly Question[]) {
    this.#here = here;
    this.#there = there;
    this.#questions = questions;
  }

  async run(duration: number): Promise<Seen> {
    const seen: Seen = { reads: [], writes: [], failures: [], staleHere: 0, behind: 0 };
    const begin = performance.now();
    const end = begin + duration;
    const again = async (pause: number, work: () => Promise<void>): Promise<void> => {
      while (performance.now() < end) {
        await work().catch((error: unknown) => seen.failures.push(error));
        await setTimeout(pause);
      }
    };
    await Promise.all([
      again(PAUSE.write, () => this.#write(seen)),
      again(PAUSE.read, () => this.#readHere(seen)),
      again(PAUSE.read, () => this.#readThere(seen, begin)),
    ]);
    return seen;
  }

  async #write({ writes }: Seen): Promise<void> {
    const stock = ++this.#stock;
    writes.push(await timed(() => this.#here.writes.setStock(CHANGING_PRODUCT, stock)));
    this.#acknowledged.push({ stock, at: performance.now() });
  }

  async #readHere(seen: Seen): Promise<void> {
    const written = this.#acknowledged.at(-1)?.stock ?? 0;
    let stock = 0;
    seen.reads.push(
      await timed(async () => {
        stock = await stockOf(this.#here);
      }),
    );
    if (stock < written) seen.staleHere++;
    for (const question of this.#questions) seen.reads.push(await timed(() => question.ask(this.#here, true)));
  }

  async #readThere(seen: Seen, begin: number): Promise<void> {
    const asked = performance.now();
    const stock = await stockOf(this.#there);
    // The first write that this answer does not know of.
    const missed = this.#acknowledged.find((write) => write.stock > stock);
    if (missed !== undefined) seen.behind = Math.max(seen.behind, asked - Math.max(missed.at, begin));
  }
}

async function stockOf(shop: Shop): Promise<number> {
  return (await shop.reads.product(CHANGING_PRODUCT, true))?.stock ?? 0;
}
