import type { CacheControl } from '@cachetastic/core/adapter';

/** The shop and its cache, through one ORM. What the chapters show does not depend on which. */
export interface Shop {
  readonly reads: Reads;
  readonly writes: Writes;
  readonly $cache: Pick<CacheControl<never>, 'explain' | 'idle' | 'on' | 'stats'>;
  close(): Promise<void>;
}

/** What the shop's pages ask. With `cache: false` the database answers. */
export interface Reads {
  /** Everything on the page of a product: two levels of relations, and a count. */
  productPage(id: number, cache: boolean): PromiseLike<unknown>;
  ratingOf(productId: number, cache: boolean): PromiseLike<unknown>;
  /** Filtered by a column of another table, sorted, and cut. */
  cheapestIn(category: string, cache: boolean): PromiseLike<unknown>;
  customerByEmail(email: string, cache: boolean): PromiseLike<unknown>;
  ordersOf(customerId: number, cache: boolean): PromiseLike<unknown>;
  turnover(cache: boolean): PromiseLike<unknown>;
  openOrders(cache: boolean): PromiseLike<unknown>;
  product(id: number, cache: boolean): PromiseLike<{ readonly stock: number } | null | undefined>;
}

/** What happens in the shop. */
export interface Writes {
  setPrice(productId: number, price: number): PromiseLike<unknown>;
  setStock(productId: number, stock: number): PromiseLike<unknown>;
  /** An order with one line, both or neither. */
  order(customerId: number, productId: number): PromiseLike<unknown>;
  rename(customerId: number, name: string): PromiseLike<unknown>;
  deleteCustomer(id: number): PromiseLike<unknown>;
  /** A transaction that changes a product and many orders, and then is rolled back. */
  changeMyMind(productId: number): PromiseLike<unknown>;
  /** An `UPDATE` that is written as text. */
  sellOne(productId: number): PromiseLike<unknown>;
}

/** What ends the transaction of {@link Writes.changeMyMind}. */
export class ChangedMyMind extends Error {}

/** Passes over {@link ChangedMyMind}. */
export function ignoreChangedMind(error: unknown): void {
  if (!(error instanceof ChangedMyMind)) throw error;
}

export interface ShopOptions {
  /** Where the other processes are heard. Absent: this process caches for itself. */
  readonly redis?: string | undefined;
  readonly namespace: string;
  /** Whether answers are kept in this client's memory as well. */
  readonly memory?: boolean | undefined;
  /** Hears of every SQL statement that is sent. */
  readonly onStatement?: (() => void) | undefined;
}
