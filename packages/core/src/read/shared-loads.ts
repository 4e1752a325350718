import type { Clock } from '../clock.js';
import type { Stamp } from '../log/stamp.js';
import type { Footprint } from '../match/footprint.js';
import type { LogTail } from '../tail/log-tail.js';
import type { TierName } from '../telemetry/events.js';
import type { Origin } from './query.js';
import type { Copier } from './resident.js';

/** The result of one look-up or load, for every caller that waits for it. */
export interface ReadResult<Value> {
  readonly source: TierName | 'origin';
  /** When the value was loaded, in the log's time. */
  readonly createdAt: number;
  /** How old a loaded value may already have been, in milliseconds. @defaultValue `0` */
  readonly lag?: number | undefined;
  /** Set if a stale entry is served. */
  readonly stale?: 'swr' | 'grace' | 'unconfirmed' | undefined;
  /** Why a load was necessary, or why its value was not kept. */
  readonly reason?: string | undefined;
  /** Makes a private value for each further caller; `undefined` if the value must not be shared. */
  readonly copy: Copier<Value> | undefined;
  /** The value of the caller that started the load. */
  readonly value: Value;
}

/** A look-up or load in flight, as its own work sees it. */
export interface BegunLoad {
  readonly startedAt: number;
  /** Counts up as loads start. */
  readonly number: number;
  readonly footprint: Footprint;
  /** How many commits this process had begun to append when the load started. */
  readonly localCommits: number;
  /** The log position before the load: that of the start, until the work sets the one of the load itself. */
  stamp: Stamp | undefined;
  /** Which database the load may ask, once that is decided. */
  origin?: Origin | undefined;
}

/** A look-up or load in flight. */
export interface SharedLoad<Value> extends BegunLoad {
  readonly result: Promise<ReadResult<Value>>;
}

/**
 * The loads in flight, by key, for concurrent callers to share.
 *
 * A key is held only while its load runs. The caller decides whether it may join: after a change, it must not join a
 * load from before.
 */
export class SharedLoads {
  readonly #tail: LogTail;
  readonly #clock: Clock;
  readonly #running = new Map<string, SharedLoad<unknown>>();
  /** How many have started so far: the number of the newest. */
  started = 0;

  constructor(tail: LogTail, clock: Clock) {
    this.#tail = tail;
    this.#clock = clock;
  }

  /** The load in flight for `key`. Equal keys have results of equal types, so the cast is safe. */
  get<Value>(key: string): SharedLoad<Value> | undefined {
    return this.#running.get(key) as SharedLoad<Value> | undefined;
  }

  /** Starts the load for `key`, in place of one that could not be joined. A failure reaches every caller that joined. */
  start<Value>(
    key: string,
    footprint: Footprint,
    work: (begun: BegunLoad) => Promise<ReadResult<Value>>,
  ): SharedLoad<Value> {
    const { position: stamp, localCommits } = this.#tail;
    const begun: BegunLoad = { footprint, stamp, localCommits, startedAt: this.#clock.now(), number: ++this.started };
    const load: SharedLoad<Value> = Object.assign(begun, {
      result: work(begun).finally(() => {
        if (this.#running.get(key) === load) this.#running.delete(key);
      }),
    });
    this.#running.set(key, load);
    return load;
  }
}
