import type { CacheEvents } from '../events.js';
import type { Change } from './change.js';

/** Tells the tail's story: whether the log is confirmed, when that changes, and what was appended. */
export class TailReport {
  readonly #events: CacheEvents;
  #unconfirmed = false;

  constructor(events: CacheEvents) {
    this.#events = events;
  }

  /** @param confirmedAt - When the last confirming sync was sent, by this process's clock. */
  confirmation(confirmed: boolean, confirmedAt: number): void {
    if (confirmed === !this.#unconfirmed) return;
    this.#unconfirmed = !confirmed;
    if (confirmed) this.#events.emit({ type: 'log-confirmed' });
    else this.#events.emit({ type: 'log-unconfirmed', since: confirmedAt });
  }

  /** @param seq - Where the log put them; `undefined` if they wait. */
  append(changes: readonly Change[], seq: number | undefined): void {
    if (!this.#events.heard) return;
    const models = [...new Set(changes.flatMap((change) => (change.kind === 'model' ? [change.model] : [])))];
    const place = seq === undefined ? { queued: true } : { queued: false, seq };
    this.#events.emit({ type: 'invalidate', changes: changes.length, models, ...place });
  }
}
