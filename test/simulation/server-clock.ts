import { BOUND, DEADLINE } from './settings.js';

/** How large a step back must be before a process that knew the time has to notice it: larger than a reply may be late. */
const NOTICEABLE = 250 + DEADLINE + 10;
/** How many replies it may take until a process has reported a step that it noticed. */
const TELLING = 3;

interface Step {
  readonly at: number;
  /** Milliseconds; negative: back. */
  readonly by: number;
  /** By how much the clock is ahead of the world's time from then on. */
  readonly ahead: number;
  /** Of a step back: when the log said, or had to say, that nothing from before it is right. */
  toldAt: number;
}

/** By how much the clock is ahead of the world's time, `at` that time. */
export interface ClockState {
  readonly at: number;
  readonly ahead: number;
}

/** The clock of the log's server, which is set forward and back while it runs. */
export class ServerClock {
  readonly #time: () => number;
  readonly #steps: Step[] = [];
  #ahead = 0;

  /** @param time - The world's time. */
  constructor(time: () => number) {
    this.#time = time;
  }

  /** What the server takes for the time. */
  get now(): number {
    return this.#time() + this.#ahead;
  }

  get state(): ClockState {
    return { at: this.#time(), ahead: this.#ahead };
  }

  step(by: number): void {
    this.#ahead += by;
    this.#steps.push({ at: this.#time(), by, ahead: this.#ahead, toldAt: by < 0 ? Infinity : 0 });
  }

  /** Sets it as far forward as it ever was, so that whatever waits for its time comes to an end. */
  stop(): void {
    const most = Math.max(0, ...this.#steps.map(({ ahead }) => ahead));
    if (most > this.#ahead) this.step(most - this.#ahead);
  }

  /** The log has said, or had to say by now, that nothing from before `since` is right. */
  told(since = this.#time()): void {
    for (const step of this.#steps) if (step.at <= since) step.toldAt = Math.min(step.toldAt, this.#time());
  }

  /** By how much younger than it is an entry may look to a process that reads at `at`. */
  error(at: number): number {
    let error = 0;
    for (const step of this.#steps) {
      if (step.at > at) break;
      // Forward: to a process that has not asked the log since, entries that others date by it look younger.
      if (step.by < 0 ? step.toldAt > at - BOUND : step.at > at - 1.5 * BOUND) error += Math.abs(step.by);
    }
    return error;
  }

  /** When `delay` milliseconds from `since` were over for good by this clock. */
  over(since: number, delay: number): number {
    let before = 0;
    let result = since + delay;
    for (const [index, { at, ahead }] of this.#steps.entries()) {
      if (at <= since) {
        before = ahead;
        continue;
      }
      const due = since + delay - (ahead - before);
      if (at < due) result = Math.min(due, this.#steps[index + 1]?.at ?? Infinity);
      else result = Math.min(result, at);
    }
    return result;
  }

  /** Follows what one process learns of the time. */
  reader(): ClockReader {
    return new ClockReader(this);
  }
}

/** Knows which steps back of a {@link ServerClock} a process must have noticed, and when it must have told the others of them. */
export class ClockReader {
  readonly #clock: ServerClock;
  #epoch: string | undefined;
  /** The furthest that it has learned. */
  #ahead = 0;
  /** The last step that it noticed was before this. */
  #noticedAt: number | undefined;
  #answers = 0;

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  /** The server executes a question of the process. @returns How the clock stands. */
  asked(): ClockState {
    if (this.#noticedAt !== undefined && this.#answers >= TELLING) {
      this.#clock.told(this.#noticedAt);
      this.#noticedAt = undefined;
    }
    return this.#clock.state;
  }

  /** The process hears an answer that was given when the clock stood like that. */
  answered(epoch: string, { at, ahead }: ClockState): void {
    this.#answers++;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#ahead = ahead;
      this.#noticedAt = undefined;
    } else if (this.#ahead - ahead > NOTICEABLE) {
      this.#ahead = ahead;
      this.#noticedAt = at;
      this.#answers = 0;
    } else this.#ahead = Math.max(this.#ahead, ahead);
  }
}
