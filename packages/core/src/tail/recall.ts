import type { InvalidationLog, SyncReply } from '../log/invalidation-log.js';
import type { RecordIndex } from './record-index.js';

/** Records per step: what a log returns at once. */
const STEP = 1_000;
/** How many records there are at most after it: many processes may begin at once, and each reads them back. */
const MOST = 10_000;

/**
 * Reads older records of `epoch` back into `records`, so that entries which were filled before this process came, or
 * before it lost its place, can be judged instead of being distrusted.
 *
 * Only a convenience: it ends silently when the log does not reply, has trimmed them, or restarts.
 *
 * @param wanted - Whether to go on; called before each step and before its reply is used.
 */
export async function recall(
  log: InvalidationLog,
  epoch: string,
  records: RecordIndex,
  wanted: () => boolean,
): Promise<void> {
  while (wanted() && !records.isFull && records.size < MOST && records.base > 0) {
    const { base } = records;
    const from = Math.max(0, base - STEP);
    let reply: SyncReply;
    try {
      reply = await log.sync({ epoch, seq: from });
    } catch {
      return; // The tail's own sync reports what is wrong with the log.
    }
    const older = reply.records.filter(({ seq }) => seq <= base);
    const whole = reply.epoch === epoch && reply.kind === 'continuation' && older.length === base - from;
    if (!whole || !wanted() || records.base !== base) return;
    records.prepend(older);
  }
}
