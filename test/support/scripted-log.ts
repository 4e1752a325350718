import type { Clock } from '../../packages/core/src/clock.js';
import type { InvalidationLog, LogListener, SyncReply } from '../../packages/core/src/log/invalidation-log.js';
import type { LogPosition, LogRecord } from '../../packages/core/src/log/log-record.js';
import type { Change } from '../../packages/core/src/match/change.js';

/**
 * A shared log whose network a test plays: messages are delivered when it says so, answers are held back, the server
 * restarts.
 */
export class ScriptedLog implements InvalidationLog {
  readonly name = 'scripted';
  readonly shared = true;
  length = 10_000;
  epoch = 'e1';
  records: LogRecord[] = [];
  /** Set: every operation rejects with it. */
  down: Error | undefined;
  /** Pushes messages at once. `false`: they are lost. */
  pushes = true;
  /** Passes with that of the process, unless a test sets it. */
  clock: Pick<Clock, 'now'> = { now: () => 0 };
  #timeOffset = 1_000_000;
  /** When the life began that it lives, in its time. */
  began = 0;
  syncs = 0;
  appends = 0;
  closed = false;
  #listener: LogListener | undefined;
  #gates: { sync?: Promise<void> | undefined; append?: Promise<void> | undefined } = {};

  get time(): number {
    return this.clock.now() + this.#timeOffset;
  }

  set time(time: number) {
    this.#timeOffset = time - this.clock.now();
  }

  get head(): number {
    return this.records.length;
  }

  /** Holds back answers until the returned function is called. What is answered is decided when it is asked. */
  hold(operation: 'sync' | 'append'): () => void {
    let open = (): void => {};
    this.#gates[operation] = new Promise((resolve) => {
      open = resolve;
    });
    return () => {
      this.#gates[operation] = undefined;
      open();
    };
  }

  async append(changes: readonly Change[]): Promise<LogPosition> {
    this.appends++;
    this.#assertUp();
    const position = this.appendElsewhere(changes);
    await this.#gates.append;
    return position;
  }

  async announce(changes: readonly Change[]): Promise<LogPosition> {
    this.#assertUp();
    return this.#put({ seq: this.head + 1, changes, intent: true });
  }

  /** What another process appends. */
  appendElsewhere(changes: readonly Change[]): LogPosition {
    return this.#put({ seq: this.head + 1, changes });
  }

  deliver(record: LogRecord, epoch: string = this.epoch): void {
    this.#listener?.onRecord(epoch, record);
  }

  interrupt(): void {
    this.#listener?.onGap();
  }

  restart(epoch: string): void {
    this.epoch = epoch;
    this.records = [];
    this.began = this.time;
  }

  async sync(known: LogPosition | undefined): Promise<SyncReply> {
    this.syncs++;
    this.#assertUp();
    const { epoch, head, time, began } = this;
    const continues = known !== undefined && known.epoch === epoch && known.seq <= head;
    const reply: SyncReply = continues
      ? { epoch, head, time, began, kind: 'continuation', records: this.records.slice(known.seq) }
      : { epoch, head, time, began, kind: 'reset', records: [] };
    await this.#gates.sync;
    return reply;
  }

  subscribe(listener: LogListener): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  #put(record: LogRecord): LogPosition {
    this.records.push(record);
    if (this.pushes) this.deliver(record);
    return { epoch: this.epoch, seq: record.seq };
  }

  #assertUp(): void {
    if (this.down !== undefined) throw this.down;
    if (this.closed) throw new Error('The scripted log is closed.');
  }
}
