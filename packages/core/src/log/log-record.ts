import type { Change } from '../match/change.js';
import type { Stamp } from './stamp.js';

/** A position in the log. An entry keeps one as its {@link Stamp}. */
export type LogPosition = Stamp;

/** What one commit changed, or an intent is about to change, at its place in the log. */
export interface LogRecord {
  readonly seq: number;
  /** What changed or may have changed; for an intent, what may be about to change. */
  readonly changes: readonly Change[];
  /** It announces a write: nothing is changed yet, so it affects no entry. */
  readonly intent?: true | undefined;
  /** The intents that are over with this record: their writes have ended, or can no longer commit. */
  readonly closes?: readonly number[] | undefined;
  /** The intent whose lease ran out: `changes` may have happened, and may still happen later. */
  readonly expires?: number | undefined;
}

/** An announced write whose end the log does not know. */
export interface OpenIntent {
  readonly seq: number;
  readonly changes: readonly Change[];
  /** Its lease ran out: whether it was or will be committed is unknown. */
  readonly expired: boolean;
}

/** How long an intent is waited for, in milliseconds. */
export interface IntentTerms {
  /** From the announcement until the write counts as possibly done. */
  readonly lease: number;
  /** From the announcement until the database can no longer commit it. Longer than the lease. */
  readonly fence: number;
}
