interface Item {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** What is going to happen in a simulated world, in the order of its time. What is due at once happens in order. */
export class Agenda {
  /** Milliseconds. */
  now = 0;
  readonly #heap: Item[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** Lets `run` happen `delay` milliseconds from now. */
  in(delay: number, run: () => void): void {
    const heap = this.#heap;
    const item: Item = { at: this.now + delay, order: this.#order++, run };
    let index = heap.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const other = heap[above] as Item;
      if (!isBefore(item, other)) break;
      heap[index] = other;
      index = above;
    }
    heap[index] = item;
  }

  /** Lets the next thing happen, if it is due by `until`. @returns Whether there was one. */
  next(until: number): boolean {
    const first = this.#heap[0];
    if (first === undefined || first.at > until) return false;
    this.#removeFirst();
    this.now = first.at;
    first.run();
    return true;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop() as Item;
    const count = heap.length;
    if (count === 0) return;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= count) break;
      if (below + 1 < count && isBefore(heap[below + 1] as Item, heap[below] as Item)) below++;
      const other = heap[below] as Item;
      if (!isBefore(other, last)) break;
      heap[index] = other;
      index = below;
    }
    heap[index] = last;
  }
}

function isBefore(one: Item, other: Item): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
