import type { InvalidationLog, LogListener, SyncReply } from '../log/invalidation-log.js';
import type { IntentTerms, LogPosition } from '../log/log-record.js';
import type { Change } from '../match/change.js';
import type { CacheEvents } from '../telemetry/events.js';

/** A log, with the beginning and the end of every outage of it as events. */
export class ReportedLog implements InvalidationLog {
  readonly name: string;
  readonly shared: boolean;
  readonly length: number;
  readonly #log: InvalidationLog;
  readonly #events: CacheEvents;

  constructor(log: InvalidationLog, events: CacheEvents) {
    this.name = log.name;
    this.shared = log.shared;
    this.length = log.length;
    this.#log = log;
    this.#events = events;
  }

  get opening(): boolean {
    return this.#log.opening === true;
  }

  async opened(): Promise<void> {
    await this.#log.opened?.();
  }

  append(changes: readonly Change[], closes: readonly LogPosition[] = []): Promise<LogPosition> {
    return this.#reported('append', this.#log.append(changes, closes));
  }

  announce(changes: readonly Change[], terms: IntentTerms): Promise<LogPosition> {
    return this.#reported('announce', this.#log.announce(changes, terms));
  }

  sync(known: LogPosition | undefined): Promise<SyncReply> {
    return this.#reported('sync', this.#log.sync(known));
  }

  subscribe(listener: LogListener): void {
    this.#log.subscribe(listener);
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  async #reported<Reply>(operation: string, asking: Promise<Reply>): Promise<Reply> {
    try {
      const reply = await asking;
      this.#events.answered(this.name, operation);
      return reply;
    } catch (error) {
      this.#events.failed(this.name, operation, error);
      throw error;
    }
  }
}
