/** One kept entry, as the eviction policy sees it. The queues are threaded through it. */
export interface Slot<Value> {
  readonly key: string;
  value: Value;
  weight: number;
  /** Hits since it entered its queue, up to {@link MAX_HITS}. */
  hits: number;
  queue: SlotQueue<Value>;
  newer: Slot<Value> | undefined;
  older: Slot<Value> | undefined;
}

const MAX_HITS = 3;
/** The part of the tier that newcomers have to prove themselves in. */
const SMALL_SHARE = 0.1;
/** A newcomer with more hits than this stays. */
const PROMOTING_HITS = 1;

/**
 * Decides which entry leaves a full memory tier: S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023).
 *
 * A newcomer enters a small queue. At its end it moves on to the main queue if it was hit meanwhile, and is out otherwise:
 * a scan washes through the small queue and leaves the main one alone. Who comes back soon after it was put out goes
 * straight to the main queue. In the main queue, every hit is worth another round.
 *
 * A hit only counts up, so it costs next to nothing.
 */
export class EvictionPolicy<Value> {
  readonly #small = new SlotQueue<Value>();
  readonly #main = new SlotQueue<Value>();
  readonly #ghosts = new GhostQueue();

  /** Everything kept, by number and by weight. */
  get count(): number {
    return this.#small.count + this.#main.count;
  }

  get weight(): number {
    return this.#small.weight + this.#main.weight;
  }

  admit(key: string, value: Value, weight: number): Slot<Value> {
    const queue = this.#ghosts.take(key) ? this.#main : this.#small;
    const slot: Slot<Value> = { key, value, weight, hits: 0, queue, newer: undefined, older: undefined };
    queue.push(slot);
    return slot;
  }

  hit(slot: Slot<Value>): void {
    if (slot.hits < MAX_HITS) slot.hits += 1;
  }

  replace(slot: Slot<Value>, value: Value, weight: number): void {
    slot.queue.weight += weight - slot.weight;
    slot.value = value;
    slot.weight = weight;
  }

  forget(slot: Slot<Value>): void {
    slot.queue.remove(slot);
  }

  clear(): void {
    this.#small.clear();
    this.#main.clear();
    this.#ghosts.clear();
  }

  /**
   * Removes one slot for room.
   *
   * @param by - Which bound is exceeded: the small queue's share is measured by the same.
   * @returns The slot, or `undefined` if nothing is kept.
   */
  evict(by: 'count' | 'weight'): Slot<Value> | undefined {
    for (;;) {
      const smallIsFull = this.#small[by] >= SMALL_SHARE * this[by];
      const slot = smallIsFull || this.#main.count === 0 ? this.#small.oldest : this.#main.oldest;
      if (slot === undefined) return undefined;
      slot.queue.remove(slot);
      if (slot.queue === this.#small) {
        if (slot.hits <= PROMOTING_HITS) {
          this.#ghosts.push(slot.key, this.count);
          return slot;
        }
        slot.hits = 0;
      } else {
        if (slot.hits === 0) return slot;
        slot.hits -= 1;
      }
      slot.queue = this.#main;
      this.#main.push(slot);
    }
  }
}

/** A first-in, first-out queue that any slot can leave. */
class SlotQueue<Value> {
  count = 0;
  weight = 0;
  oldest: Slot<Value> | undefined = undefined;
  #newest: Slot<Value> | undefined = undefined;

  push(slot: Slot<Value>): void {
    slot.newer = undefined;
    slot.older = this.#newest;
    if (this.#newest === undefined) this.oldest = slot;
    else this.#newest.newer = slot;
    this.#newest = slot;
    this.count += 1;
    this.weight += slot.weight;
  }

  remove(slot: Slot<Value>): void {
    if (slot.newer === undefined) this.#newest = slot.older;
    else slot.newer.older = slot.older;
    if (slot.older === undefined) this.oldest = slot.newer;
    else slot.older.newer = slot.newer;
    this.count -= 1;
    this.weight -= slot.weight;
  }

  clear(): void {
    this.count = 0;
    this.weight = 0;
    this.oldest = undefined;
    this.#newest = undefined;
  }
}

/** Remembers which keys were evicted recently, as fingerprints: a collision is possible, and merely promotes one entry. */
class GhostQueue {
  #order: number[] = [];
  #head = 0;
  readonly #present = new Set<number>();

  /** Adds `key`, and forgets the oldest beyond `limit`. */
  push(key: string, limit: number): void {
    const print = fingerprint(key);
    this.#order.push(print);
    this.#present.add(print);
    while (this.#order.length - this.#head > limit) {
      this.#present.delete(this.#order[this.#head] as number);
      this.#head += 1;
    }
    if (this.#head > 1_000 && this.#head > this.#order.length / 2) {
      this.#order = this.#order.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Whether `key` was there. It is not any more. */
  take(key: string): boolean {
    return this.#present.size > 0 && this.#present.delete(fingerprint(key));
  }

  clear(): void {
    this.#order = [];
    this.#head = 0;
    this.#present.clear();
  }
}

/** FNV-1a, cut to the 30 bits that V8 keeps without allocating. */
function fingerprint(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash >>> 2;
}
