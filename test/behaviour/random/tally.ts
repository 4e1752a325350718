/** What a game of random operations came to. */
export class Tally {
  writes = 0;
  /** Writes that took effect. */
  done = 0;
  readonly failures = new Map<string, number>();
  /** Cached reads that were asked again after a write that took effect. */
  asked = 0;
  /** Those of them that the cache still answered. */
  survived = 0;
  /** Answers from the cache that were compared with the database. */
  compared = 0;
  /** Of those, the results that differed from the one before a write because they were loaded again. */
  reloaded = 0;

  failed(reason: string): void {
    this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
  }

  toString(): string {
    const reasons = [...this.failures].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${reason} ${count}`);
    const share = this.asked === 0 ? 0 : Math.round((1000 * this.survived) / this.asked) / 10;
    return [
      `${this.writes} writes, ${this.done} of them done (refused: ${reasons.join(', ')})`,
      `${this.compared} cached answers compared, ${this.survived} of ${this.asked} (${share} %) survived a write`,
    ].join('\n');
  }
}
