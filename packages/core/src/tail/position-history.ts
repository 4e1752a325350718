import type { LogPosition } from '../log/log-record.js';

/** Into how many marks a lag is divided, so that memory follows neither the lag nor the number of records. */
const MARKS = 64;

/** A position and when it stopped being the current one. */
interface Mark {
  readonly position: LogPosition;
  /** When it was made. */
  readonly since: number;
  until: number;
}

/**
 * Which position was current some time ago: the stamp for a load from a replica that lags behind by that much.
 *
 * A record known by then was committed before, so the replica has it. Remembers nothing until it is first asked.
 */
export class PositionHistory {
  /** Oldest first. */
  readonly #marks: Mark[] = [];
  #longestLag = 0;
  /** What came before these times is not known: the first request, and the last restart. */
  #askedAt = Number.POSITIVE_INFINITY;
  #restartedAt = Number.NEGATIVE_INFINITY;

  /** How many positions are remembered. */
  get size(): number {
    return this.#marks.length;
  }

  /** `position` was current until `now`. */
  moved(position: LogPosition, now: number): void {
    if (this.#longestLag === 0) return;
    const last = this.#marks.at(-1);
    // A mark stands for all that follow it shortly: an older position than the true one is as right.
    if (last !== undefined && now - last.since < this.#longestLag / MARKS) last.until = now;
    else this.#marks.push({ position, since: now, until: now });
    this.#forget(now);
  }

  /** Positions from before `time` mean nothing any more. */
  restarted(time: number): void {
    this.#marks.length = 0;
    this.#restartedAt = time;
  }

  /**
   * The position that was current `lag` milliseconds before `now`, or one that was current at most `lag / 64` earlier.
   *
   * @param current - The position now.
   * @returns `undefined` if it is not remembered.
   */
  before(lag: number, now: number, current: LogPosition): LogPosition | undefined {
    if (lag > this.#longestLag) {
      this.#longestLag = lag;
      this.#marks.length = 0;
      this.#askedAt = now;
    }
    this.#forget(now);
    const then = now - lag;
    if (then < this.#askedAt || then < this.#restartedAt) return undefined;
    return this.#marks.find(({ until }) => until > then)?.position ?? current;
  }

  #forget(now: number): void {
    const horizon = now - this.#longestLag;
    const needed = this.#marks.findIndex(({ until }) => until > horizon);
    this.#marks.splice(0, needed === -1 ? this.#marks.length : needed);
  }
}
