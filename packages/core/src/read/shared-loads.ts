import type { Clock } from '../clock.js';
import type { Stamp } from '../log/stamp.js';
import type { Footprint } from '../match/footprint.js';
import type { LogTail } from '../tail/log-tail.js';
import type { TierName } from '../telemetry/events.js';
import type { Origin } from './query.js';
import type { Copier } from './resident.js';

/** What one load brought, for everybody who waits for it. */
export interface Landing<Value> {
  readonly source: TierName | 'origin';
  /** When the answer was loaded, in the log's time. */
  readonly createdAt: number;
  /** How old a load's answer may have been when it was loaded, in milliseconds. @defaultValue `0` */
  readonly lag?: number | undefined;
  /** Set when it was served stale. */
  readonly stale?: 'swr' | 'grace' | 'unconfirmed' | undefined;
  /** Why a load was necessary, or why its answer was not kept. */
  readonly reason?: string | undefined;
  /** A value of its own for each further caller; `undefined` if it may not be shared. */
  readonly copy: Copier<Value> | undefined;
  /** The value of the caller who began the flight. */
  readonly value: Value;
}

/** A look-up or load under way. */
export interface Flight<Value> {
  readonly landing: Promise<Landing<Value>>;
  readonly startedAt: number;
  /** Flights are numbered as they begin. */
  readonly number: number;
  readonly footprint: Footprint;
  /** How many commits this process had begun to append when it started. */
  readonly localCommits: number;
  /** The log position before its load, as far as it is known yet. */
  stamp: Stamp | undefined;
  /** Which database its load may ask, once that is decided. */
  origin?: Origin | undefined;
}

/** A {@link Flight} as its work sees it. */
export type BegunFlight<Value> = Omit<Flight<Value>, 'landing'>;

/**
 * Lets one caller do the work for everybody who asks the same meanwhile.
 *
 * A key is held only while its work runs, so memory follows concurrency, not the number of keys ever seen. Whether a
 * flight may still be joined is decided by who asks: a caller after a change must not join work from before it.
 */
export class Flights {
  readonly #tail: LogTail;
  readonly #clock: Clock;
  readonly #flights = new Map<string, Flight<unknown>>();
  /** How many have begun so far: the number of the newest. */
  begun = 0;

  constructor(tail: LogTail, clock: Clock) {
    this.#tail = tail;
    this.#clock = clock;
  }

  /** The flight under way for `key`. Equal keys have equal types of answers: that is what keys are. */
  get<Value>(key: string): Flight<Value> | undefined {
    return this.#flights.get(key) as Flight<Value> | undefined;
  }

  /**
   * Starts the work for `key`, displacing a flight that could not be joined.
   *
   * A failure reaches every caller that joined and is then forgotten: the next call starts afresh.
   */
  start<Value>(
    key: string,
    footprint: Footprint,
    work: (flight: BegunFlight<Value>) => Promise<Landing<Value>>,
  ): Flight<Value> {
    const { position: stamp, localCommits } = this.#tail;
    const startedAt = this.#clock.now();
    const begun: BegunFlight<Value> = { footprint, stamp, localCommits, startedAt, number: ++this.begun };
    const flight: Flight<Value> = Object.assign(begun, {
      landing: work(begun).finally(() => {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
      }),
    });
    this.#flights.set(key, flight);
    return flight;
  }
}
