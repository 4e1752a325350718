/** Takes a random share of its calls. A call that is not taken costs almost nothing. */
export class Sampler {
  readonly #rate: number;
  readonly #random: () => number;
  /** How many calls remain until one is taken, that one included. */
  #left: number;

  /**
   * @param rate - Greater than 0, at most 1.
   * @param random - Numbers from 0 to less than 1.
   */
  constructor(rate: number, random: () => number = Math.random) {
    this.#rate = rate;
    this.#random = random;
    this.#left = this.#draw();
  }

  takes(): boolean {
    if (--this.#left > 0) return false;
    this.#left = this.#draw();
    return true;
  }

  /** How many calls until the next success, if each succeeds with the chance `rate`. */
  #draw(): number {
    return this.#rate === 1 ? 1 : 1 + Math.floor(Math.log(1 - this.#random()) / Math.log1p(-this.#rate));
  }
}
