import type { LogPosition } from '../log/log-record.js';
import type { Change } from '../match/change.js';

/** Where a transaction's changes go. */
export interface ChangesSink {
  /** Appends the changes of one transaction, and closes its announcements. Never rejects. */
  append(changes: readonly Change[], closes: readonly LogPosition[]): Promise<unknown>;
  /** Announces the changes before the commit, if writes are announced. @returns The announcements to close afterwards. */
  announce(changes: readonly Change[]): Promise<readonly LogPosition[]>;
}

/** Collects the changes of a transaction until it ends. */
export class TransactionChanges {
  readonly #sink: ChangesSink;
  #changes: Change[] = [];
  #announced: readonly LogPosition[] = [];
  #isOver = false;
  #settle: () => void = () => {};
  /** Resolves when the transaction has ended and its changes are appended or dropped. */
  readonly ended: Promise<void> = new Promise((resolve) => {
    this.#settle = resolve;
  });

  constructor(sink: ChangesSink) {
    this.#sink = sink;
  }

  /**
   * Holds `changes` back until the transaction ends. Changes of a write that settles after the end are appended at once.
   *
   * Resolves when they are held or appended. Never rejects.
   */
  async add(changes: readonly Change[]): Promise<void> {
    if (!this.#isOver) this.#changes.push(...changes);
    else if (changes.length > 0) await this.#sink.append(changes, []);
  }

  /**
   * Announces the changes, if writes are announced. Call it right before the commit.
   *
   * @throws {@link WriteNotAnnouncedError} if that is required and failed: roll back.
   */
  async announce(): Promise<void> {
    this.#announced = await this.#sink.announce(this.#changes);
  }

  /**
   * Call it after the commit: appends all changes together.
   *
   * Resolves when reads of this process see the changes. Never rejects.
   */
  commit(): Promise<void> {
    return this.#end(this.#changes, this.#announced);
  }

  /** Call it if the transaction may have committed, or still may: as {@link commit}, but its announcement stays open. */
  uncertain(): Promise<void> {
    return this.#end(this.#changes, []);
  }

  /** Call it after a certain rollback: drops the changes. Never rejects. */
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
