import type { Change } from '../match/change.js';
import type { Stamp } from './stamp.js';

/** A place in the log. What an entry remembers of it is its {@link Stamp}. */
export type LogPosition = Stamp;

/** What one commit changed, or an intent is about to change, at its place in the log. */
export interface LogRecord {
  readonly seq: number;
  /** What was changed, or may have been. Of an intent: what may be about to change. */
  readonly changes: readonly Change[];
  /** It announces a write: nothing is changed yet, so it affects no entry. */
  readonly intent?: true | undefined;
  /** The intents that are over with this record: their writes have ended, or can no longer commit. */
  readonly closes?: readonly number[] | undefined;
  /** The intent whose lease ran out: `changes` may have happened, and may still happen later. */
  readonly expires?: number | undefined;
}

/** A write that was announced and of whose end the log knows nothing. */
export interface OpenIntent {
  readonly seq: number;
  readonly changes: readonly Change[];
  /** Its lease ran out: nobody knows whether it was, or will be, committed. */
  readonly expired: boolean;
}

/** How long an intent is waited for, in milliseconds. */
export interface IntentTerms {
  /** From the announcement until the write counts as possibly done. */
  readonly lease: number;
  /** From the announcement until the database can no longer commit it. Longer than the lease. */
  readonly fence: number;
}
