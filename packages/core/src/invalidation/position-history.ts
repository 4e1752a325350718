import type { LogPosition } from './log-record.js';

/** A position and when it stopped being the current one. */
interface Past {
  readonly position: LogPosition;
  readonly until: number;
}

/**
 * Which position was current some time ago: the stamp for a load from a replica that lags behind by that much.
 *
 * A record known by then was committed before, so the replica has it. Remembers nothing until it is first asked.
 */
export class PositionHistory {
  /** Oldest first. */
  #past: Past[] = [];
  #longestLag = 0;
  /** What came before this time is not known. */
  #knownSince = Number.POSITIVE_INFINITY;

  /** `position` was current until `now`. */
  moved(position: LogPosition, now: number): void {
    if (this.#longestLag === 0) return;
    this.#past.push({ position, until: now });
    const horizon = now - this.#longestLag;
    const needed = this.#past.findIndex(({ until }) => until > horizon);
    if (needed > 0) this.#past.splice(0, needed);
  }

  /** Positions from before have no meaning any more. */
  restarted(now: number): void {
    this.#past = [];
    this.#knownSince = now;
  }

  /**
   * The position that was current `lag` milliseconds before `now`.
   *
   * @param current - The position now.
   * @returns `undefined` if it is not remembered.
   */
  before(lag: number, now: number, current: LogPosition): LogPosition | undefined {
    if (lag > this.#longestLag) {
      this.#longestLag = lag;
      this.restarted(now);
    }
    const then = now - lag;
    if (then < this.#knownSince) return undefined;
    return this.#past.find(({ until }) => until > then)?.position ?? current;
  }
}
