import type { LogPosition } from '../log/log-record.js';
import type { Change } from '../match/change.js';

/** Where a transaction's changes go. */
export interface ChangesSink {
  /** Appends the changes of one commit, and ends what announced them. Never rejects. */
  append(changes: readonly Change[], closes: readonly LogPosition[]): Promise<unknown>;
  /** Announces them, if that is wanted, before the commit. @returns What to close afterwards. */
  announce(changes: readonly Change[]): Promise<readonly LogPosition[]>;
}

/** Collects what a transaction changed, until it is known whether it counts. */
export class TransactionChanges {
  readonly #sink: ChangesSink;
  #changes: Change[] = [];
  #announced: readonly LogPosition[] = [];
  #isOver = false;
  #settle: () => void = () => {};
  /** Resolves when it has ended and nothing of it is under way. */
  readonly ended: Promise<void> = new Promise((resolve) => {
    this.#settle = resolve;
  });

  constructor(sink: ChangesSink) {
    this.#sink = sink;
  }

  /**
   * Holds `changes` back until it ends. Changes of a write that settles after the end are appended at once.
   *
   * Resolves when they are held or appended. Never rejects.
   */
  async add(changes: readonly Change[]): Promise<void> {
    if (!this.#isOver) this.#changes.push(...changes);
    else if (changes.length > 0) await this.#sink.append(changes, []);
  }

  /**
   * Call it when the transaction is complete, right before it commits. Does nothing unless writes are announced.
   *
   * @throws {@link WriteNotAnnouncedError} if they had to be and could not be: roll back.
   */
  async announce(): Promise<void> {
    this.#announced = await this.#sink.announce(this.#changes);
  }

  /**
   * It committed: appends everything at once.
   *
   * Resolves when this process reads what was written. Never rejects.
   */
  commit(): Promise<void> {
    return this.#end(this.#changes, this.#announced);
  }

  /** It is unknown whether it committed, or will: as {@link commit}, but what announced it stands. */
  uncertain(): Promise<void> {
    return this.#end(this.#changes, []);
  }

  /** It certainly rolled back: forgets everything. Never rejects. */
  rollback(): Promise<void> {
    return this.#end([], this.#announced);
  }

  async #end(changes: readonly Change[], closes: readonly LogPosition[]): Promise<void> {
    this.#isOver = true;
    this.#changes = [];
    this.#announced = [];
    if (changes.length > 0 || closes.length > 0) await this.#sink.append(changes, closes);
    this.#settle();
  }
}
