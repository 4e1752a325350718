import type { Stamp } from '../log/stamp.js';
import type { LogTail } from '../tail/log-tail.js';
import type { KnownQuery, Origin } from './query.js';

/** Where a load goes that begins now, and what its answer is known to contain. */
export interface Departure {
  readonly origin: Origin;
  /** The load will see whatever the records up to here changed. `undefined` before the log answered for the first time. */
  readonly stamp: Stamp | undefined;
  /** How old its answer may be already when it is loaded, in milliseconds. */
  readonly lag: number;
}

/**
 * Decides whether a replica may answer `query`: only if the primary would not know better, as far as anybody can tell.
 *
 * A replica has what was committed `replicaLag` ago, and so all that was known of the log by then: that position is the
 * stamp. Whatever became known since, or waits to be appended, must not affect the question. Why that is enough, and why
 * each condition is needed: docs/decisions/0009-replicas-answer-what-was-not-written-lately.md.
 */
export function departureOf(
  tail: LogTail,
  replicaLag: number,
  { footprint, lifetime, consistency }: KnownQuery<never>,
): Departure {
  const primary: Departure = { origin: 'primary', stamp: tail.position, lag: 0 };
  if (replicaLag === 0 || consistency === 'strong' || lifetime.ttl <= replicaLag || !tail.isConfirmed()) return primary;
  const stamp = tail.view.stampFor(replicaLag);
  if (stamp === undefined || !tail.isUnaffected(stamp, footprint)) return primary;
  return { origin: 'any', stamp, lag: replicaLag };
}
