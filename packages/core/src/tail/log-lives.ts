import type { SyncReply } from '../log/invalidation-log.js';

/** How many lives are remembered. */
const MOST = 100;

/** How much two clocks may drift apart, of the time that has passed, and how far they are rounded, in milliseconds. */
const DRIFT = 0.001;
const ROUNDING = 2;

/**
 * Notices that records are missing from the log's life because another life took them while this one had begun
 * already: two servers took writes at one address, as in a split brain or behind a proxy.
 *
 * After a mere restart or fail-over, everything that the earlier life took was taken before this one began.
 */
export class LogLives {
  /** Oldest first. */
  readonly #ended = new Set<string>();
  /** When a record of ours was acknowledged last, by the life that took it. */
  readonly #acknowledged = new Map<string, number>();
  #current: string | undefined;
  /** Whether that was compared with the life that the log lives now: once, for ages are known less exactly as they grow. */
  #compared = true;

  /** A record of ours was taken in `epoch`, `now`. That of a life which ended may only have come late. */
  acknowledged(epoch: string, now: number): void {
    this.#acknowledged.delete(epoch);
    this.#acknowledged.set(epoch, now);
    forgetOldest(this.#acknowledged);
    if (!this.#ended.has(epoch)) this.#enter(epoch);
    if (epoch !== this.#current) this.#compared = false;
  }

  /**
   * The log has replied to a request that was sent at `sentAt`.
   *
   * @returns Whether it lacks what should be in it: another life has taken records of ours since it began, or the log had
   * left it for another life.
   */
  lacksRecords({ epoch, time, began }: SyncReply, sentAt: number): boolean {
    let lacks = this.#enter(epoch);
    if (this.#compared) return false;
    this.#compared = true;
    const age = Math.max(0, time - began);
    const begun = sentAt - age - age * DRIFT - ROUNDING;
    for (const [life, at] of this.#acknowledged) lacks ||= life !== epoch && at >= begun;
    // Everything is invalidated now, so these records need no further check.
    if (lacks) this.#acknowledged.clear();
    return lacks;
  }

  /** @returns Whether the log had left this life for another. */
  #enter(epoch: string): boolean {
    if (epoch === this.#current) return false;
    if (this.#current !== undefined) this.#ended.add(this.#current);
    forgetOldest(this.#ended);
    this.#current = epoch;
    this.#compared = false;
    return this.#ended.delete(epoch);
  }
}

function forgetOldest(lives: Set<string> | Map<string, number>): void {
  for (const oldest of lives.keys()) {
    if (lives.size <= MOST) return;
    lives.delete(oldest);
  }
}
