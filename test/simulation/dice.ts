import { randomFrom } from '../support/random.js';

/** All chance of one simulated world: the same for the same seed. */
export class Dice {
  readonly #random: () => number;

  constructor(seed: number) {
    // Neighbouring seeds would begin with similar numbers.
    this.#random = randomFrom(Math.imul(seed, 0x9e3779b1));
  }

  /** From 0 to 1. */
  share(): number {
    return this.#random();
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.#random();
  }

  /** An integer from 0, less than `count`. */
  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** A waiting time that averages `mean`. */
  wait(mean: number): number {
    return -mean * Math.log(1 - this.#random());
  }
}
