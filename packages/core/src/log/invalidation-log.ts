import type { Change } from '../match/change.js';
import type { IntentTerms, LogPosition, LogRecord, OpenIntent } from './log-record.js';

/** How many records one sync returns at most. A process that lacks more asks again. */
export const MAX_RECORDS_PER_SYNC = 1_000;

/** A log's reply to a sync. */
export interface SyncReply {
  readonly epoch: string;
  /** The position of the last record at the moment of the reply. */
  readonly head: number;
  /**
   * `continuation`: `records` follow the asked position without a gap (perhaps not yet up to `head`).
   * `reset`: the log does not have them (another epoch, trimmed, a hole); everything judged by older records is distrusted.
   */
  readonly kind: 'continuation' | 'reset';
  readonly records: readonly LogRecord[];
  /** With a reset: the intents that are open at `head`. */
  readonly intents?: readonly OpenIntent[] | undefined;
  /** The log's own time at the reply, in milliseconds; only differences of it mean something. */
  readonly time: number;
  /** When `epoch` began, in the log's own time. Too early is safe. */
  readonly began: number;
}

/** What a log reports to its tail by itself. Both are hints: neither proves that anything is up to date. */
export interface LogListener {
  /** A record was appended, by any process. May be lost, late, repeated or out of order. */
  onRecord(epoch: string, record: LogRecord): void;
  /** Records may have been missed until now: a subscription or connection was made, or a message could not be read. Sync. */
  onGap(): void;
}

/**
 * The bounded, gap-free list of all changes in a namespace. `testing/log-contract` defines what an implementation must pass.
 *
 * The protocol is in docs/concepts/invalidation-log.md.
 */
export interface InvalidationLog {
  /** Names the log in events and errors, for example `'redis'`. */
  readonly name: string;
  /**
   * Whether other processes append to it. A log that is not shared needs no confirmation: its only writer is this process.
   */
  readonly shared: boolean;
  /**
   * Whether it has not answered for the first time yet, and still has time to: a call that fails meanwhile is no failure of
   * the log. @defaultValue `false`
   */
  readonly opening?: boolean;
  /** Resolves when it is no longer {@link opening}: it has answered, or that took too long. */
  opened?(): Promise<void>;
  /** How many records it keeps at least. Processes keep the same number, memory permitting. */
  readonly length: number;

  /**
   * Appends one record with `changes`, atomically, and sends it to every listener.
   *
   * @param closes - The intents that end with it. Those of another epoch are gone already.
   * @returns Its position. If the epoch is not the one the caller knew, the log has restarted meanwhile.
   * @throws {@link TierUnavailableError} if the log did not reply in time: the record may or may not have been appended.
   * Appending it again is harmless.
   */
  append(changes: readonly Change[], closes?: readonly LogPosition[]): Promise<LogPosition>;

  /**
   * Appends an intent: a write that may make `changes` is about to be sent to the database.
   *
   * Unless a record closes it, the first sync after the lease appends that the changes may have happened, and the first
   * after the fence appends it again and closes it.
   *
   * @throws {@link TierUnavailableError} if the log did not reply in time.
   */
  announce(changes: readonly Change[], terms: IntentTerms): Promise<LogPosition>;

  /**
   * Returns what follows `known`; a reset if that is `undefined`.
   *
   * @throws {@link TierUnavailableError} if the log did not reply in time.
   */
  sync(known: LogPosition | undefined): Promise<SyncReply>;

  /** Sends `listener` what happens from now on. Called once, before the first sync. */
  subscribe(listener: LogListener): void;

  /** Releases what the log holds. Never throws. */
  close(): Promise<void>;
}
