import type { Change } from '../match/change.js';
import type { CacheEvents } from '../telemetry/events.js';
import type { Origin } from './pending-changes.js';

/** The events of the tail: when the log becomes confirmed or unconfirmed, and what was appended. */
export class TailReport {
  readonly #events: CacheEvents;
  #unconfirmedSince: number | undefined;

  constructor(events: CacheEvents) {
    this.#events = events;
  }

  /** @param confirmedAt - When the last confirming sync was sent, by this process's clock. */
  confirmation(confirmed: boolean, confirmedAt: number): void {
    if (confirmed === (this.#unconfirmedSince === undefined)) return;
    this.#unconfirmedSince = confirmed ? undefined : confirmedAt;
    if (confirmed) this.#events.emit({ type: 'log-confirmed' });
    else this.#events.emit({ type: 'log-unconfirmed', since: confirmedAt });
  }

  /** Reports to a listener that joins now what others know already. */
  greet(events: CacheEvents): void {
    if (this.#unconfirmedSince !== undefined) events.emit({ type: 'log-unconfirmed', since: this.#unconfirmedSince });
  }

  /**
   * @param origins - Who made the changes.
   * @param seq - Where the log put them; `undefined` if they wait.
   */
  append(changes: readonly Change[], origins: Iterable<Origin>, seq: number | undefined): void {
    const heard = [...origins].filter((origin) => origin.heard);
    if (heard.length === 0) return;
    const models = modelsOf(changes);
    const place = seq === undefined ? { queued: true } : { queued: false, seq };
    for (const origin of heard) origin.emit({ type: 'invalidate', changes: changes.length, models, ...place });
  }
}

/** The models that `changes` name, as events show them. */
export function modelsOf(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.flatMap((change) => (change.kind === 'model' ? [change.model] : [])))];
}
