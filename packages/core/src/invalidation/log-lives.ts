/** How many lives that ended are remembered. */
const MOST = 100;

/**
 * Notices that a log returns to a life which had ended: two servers answer at one address, as in a split brain or
 * behind a proxy. What the one takes, the other never holds.
 */
export class LogLives {
  /** Oldest first. */
  readonly #ended = new Set<string>();
  #current: string | undefined;

  /** An append was taken in `epoch`. That of a life which ended may only have come late. */
  acknowledged(epoch: string): void {
    if (!this.#ended.has(epoch)) this.hasReturned(epoch);
  }

  /** The log lives in `epoch` now. @returns Whether it had left it for another. */
  hasReturned(epoch: string): boolean {
    if (epoch === this.#current) return false;
    if (this.#current !== undefined) this.#end(this.#current);
    this.#current = epoch;
    return this.#ended.delete(epoch);
  }

  #end(epoch: string): void {
    this.#ended.add(epoch);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= MOST) return;
      this.#ended.delete(oldest);
    }
  }
}
