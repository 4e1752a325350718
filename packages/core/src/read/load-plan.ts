import type { Stamp } from '../log/stamp.js';
import type { LogTail } from '../tail/log-tail.js';
import type { ResolvedQuery } from './keyed-query.js';
import type { Origin } from './query.js';

/** Which database a load that begins now may ask, and which records its result is known to contain. */
export interface LoadPlan {
  readonly origin: Origin;
  /** The result contains every change up to this position. `undefined` before the log has answered for the first time. */
  readonly stamp: Stamp | undefined;
  /** How old the result may already be when it is loaded, in milliseconds. */
  readonly lag: number;
}

/**
 * Decides whether a load of the query may ask a replica: only if no known change makes the primary's result differ.
 *
 * A replica has everything that was committed `replicaLag` ago, so the position known then is the stamp. No change that
 * became known since, or that waits to be appended, may affect the query. Why that is enough, and why each condition is
 * needed: docs/decisions/0009-replicas-answer-what-was-not-written-lately.md.
 */
export function planLoad(
  tail: LogTail,
  replicaLag: number,
  { footprint, lifetime, consistency }: ResolvedQuery<never>['query'],
): LoadPlan {
  const primary: LoadPlan = { origin: 'primary', stamp: tail.position, lag: 0 };
  if (replicaLag === 0 || consistency === 'strong' || lifetime.ttl <= replicaLag || !tail.isConfirmed()) return primary;
  const stamp = tail.view.stampFor(replicaLag);
  if (stamp === undefined || !tail.isUnaffected(stamp, footprint)) return primary;
  return { origin: 'any', stamp, lag: replicaLag };
}
