import { EvictionPolicy, type Slot } from './eviction-policy.js';

/** The name of the memory tier in events, reports and counts. */
export const MEMORY = 'memory';

/** What a {@link MemoryTier} is made of. */
export interface MemoryTierSettings<Value> {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** Hears of every entry that left for room. Not of what was deleted or replaced. Must not throw. */
  readonly onEvict?: ((key: string, value: Value) => void) | undefined;
}

/**
 * The fast tier: this process's memory. Synchronous, and never beyond its two bounds.
 *
 * It keeps and returns the same objects: the caller copies and judges them.
 */
export class MemoryTier<Value> {
  readonly #slots = new Map<string, Slot<Value>>();
  readonly #policy = new EvictionPolicy<Value>();
  readonly #settings: MemoryTierSettings<Value>;

  constructor(settings: MemoryTierSettings<Value>) {
    this.#settings = settings;
  }

  /** How many entries it keeps. */
  get size(): number {
    return this.#slots.size;
  }

  /** What they weigh together. */
  get bytes(): number {
    return this.#policy.weight;
  }

  get(key: string): Value | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    this.#policy.hit(slot);
    return slot.value;
  }

  /**
   * Keeps `value`, replacing what was there, and evicts others where a bound demands it.
   *
   * @param weight - An estimate of what it costs, in bytes.
   * @returns Whether it is kept: an entry that weighs more than the whole tier may is not, nor is the one it replaces.
   */
  set(key: string, value: Value, weight: number): boolean {
    const { maxBytes } = this.#settings;
    if (weight > maxBytes) {
      this.delete(key);
      return false;
    }
    const slot = this.#slots.get(key);
    if (slot === undefined) {
      this.#makeRoom(1, weight);
      this.#slots.set(key, this.#policy.admit(key, value, weight));
    } else {
      this.#policy.replace(slot, value, weight);
      this.#makeRoom(0, 0);
    }
    return this.#slots.has(key);
  }

  /**
   * Lets `value` weigh more by `weight`, or less, and evicts others where that demands it.
   *
   * @returns Whether it may: it is what `key` names still, and does not weigh more than the whole tier may.
   */
  grow(key: string, value: Value, weight: number): boolean {
    const slot = this.#slots.get(key);
    if (slot === undefined || slot.value !== value || slot.weight + weight > this.#settings.maxBytes) return false;
    this.#policy.replace(slot, value, slot.weight + weight);
    this.#makeRoom(0, 0);
    return this.#slots.has(key);
  }

  /** @returns Whether there was something to delete. */
  delete(key: string): boolean {
    const slot = this.#slots.get(key);
    if (slot === undefined) return false;
    this.#slots.delete(key);
    this.#policy.forget(slot);
    return true;
  }

  clear(): void {
    this.#slots.clear();
    this.#policy.clear();
  }

  #makeRoom(entries: number, bytes: number): void {
    const { maxEntries, maxBytes, onEvict } = this.#settings;
    for (;;) {
      const tooMany = this.#policy.count + entries > maxEntries;
      if (!tooMany && this.#policy.weight + bytes <= maxBytes) return;
      const evicted = this.#policy.evict(tooMany ? 'count' : 'weight');
      if (evicted === undefined) return;
      this.#slots.delete(evicted.key);
      onEvict?.(evicted.key, evicted.value);
    }
  }
}
