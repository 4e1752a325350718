/** Which version was the highest at each moment. */
export class Ladder {
  readonly #times: number[] = [];
  readonly #versions: number[] = [];

  /** @param steps - From when on there was which version, in any order. */
  constructor(steps: readonly (readonly [time: number, version: number])[]) {
    let highest = 0;
    for (const [time, version] of steps.toSorted(([one], [other]) => one - other)) {
      highest = Math.max(highest, version);
      this.#times.push(time);
      this.#versions.push(highest);
    }
  }

  /** The highest that there was before `time`. */
  before(time: number): number {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] ?? Number.POSITIVE_INFINITY) < time) low = middle + 1;
      else high = middle;
    }
    return this.#versions[low - 1] ?? 0;
  }
}
