import type { Blog } from './blog.js';
import { machineTime } from './versioned-reads.js';

/** A write that raised the version: the score of user 1. Times are of the clock that all processes of this machine share. */
export interface VersionWrite {
  readonly version: number;
  readonly startedAt: number;
  readonly acknowledgedAt: number;
  /** Whether its invalidation waited in the writer when the write was acknowledged. */
  readonly waits: boolean;
}

/** Raises the version by one. */
export async function raiseVersion({ db }: Pick<Blog, 'db'>): Promise<VersionWrite> {
  const startedAt = machineTime();
  const { score: version } = await db.user.update({ where: { id: 1 }, data: { score: { increment: 1 } } });
  return { version, startedAt, acknowledgedAt: machineTime(), waits: db.$cache.stats().queued > 0 };
}
