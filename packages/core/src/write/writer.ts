import { WriteNotAnnouncedError } from '../errors.js';
import type { LogPosition } from '../log/log-record.js';
import { type Change, EVERYTHING } from '../match/change.js';
import { messageOf } from '../plain.js';
import type { BackgroundTasks } from '../read/background-tasks.js';
import type { LogTail } from '../tail/log-tail.js';
import type { CacheEvents } from '../telemetry/events.js';
import type { StatsCounter } from '../telemetry/stats-counter.js';
import type { ResolvedIntents } from './intent-options.js';
import { TransactionChanges } from './transaction-changes.js';
import type { WriteOutcome } from './write-outcome.js';

/** What a {@link Writer} works with. */
export interface WriterParts {
  readonly tail: LogTail;
  /** Appends changes to the log. @returns Whether the log acknowledged them. Never rejects. */
  readonly append: (changes: readonly Change[], closes: readonly LogPosition[]) => Promise<boolean>;
  readonly events: CacheEvents;
  readonly stats: StatsCounter;
  readonly background: BackgroundTasks;
  /** `undefined`: writes are not announced. */
  readonly intents: ResolvedIntents | undefined;
}

/** The path of a write: announces it if writes are announced, runs it, and appends its changes to the log. */
export class Writer {
  readonly #parts: WriterParts;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /**
   * Settles as `run` did, once reads of this process see its changes.
   *
   * @throws {@link WriteNotAnnouncedError} without calling `run`, if the announcement is required and failed.
   */
  async write<Value>(
    run: () => Promise<Value>,
    describe: (outcome: WriteOutcome<Value>) => readonly Change[],
    intend: (() => readonly Change[]) | undefined,
  ): Promise<Value> {
    const announced = await this.announce(intend);
    let value: Value;
    try {
      value = await run();
    } catch (error) {
      const changes = this.#described(describe, { ok: false, error });
      // It may still commit, unless it certainly changed nothing: its announcement stays open until the fence.
      await this.append(changes, changes.length === 0 ? announced : []);
      throw error;
    }
    await this.append(this.#described(describe, { ok: true, value }), announced);
    return value;
  }

  transaction(): TransactionChanges {
    return new TransactionChanges({
      append: (changes, closes) => this.append(changes, closes),
      announce: (changes) => this.announce(() => changes),
    });
  }

  /**
   * Announces a write that is about to run, if writes are announced.
   *
   * @param intend - What the write may change; everything if it is absent or throws.
   * @returns The announcements to close when the write has ended.
   * @throws {@link WriteNotAnnouncedError} if that is required and failed.
   */
  async announce(intend: (() => readonly Change[]) | undefined): Promise<readonly LogPosition[]> {
    const { tail, intents } = this.#parts;
    if (intents === undefined) return [];
    const changes = this.#described(intend ?? (() => [EVERYTHING]), undefined);
    if (changes.length === 0) return [];
    const announced = await tail.announce(changes);
    if (announced !== undefined) return [announced];
    if (intents.onUnavailable === 'proceed') return [];
    throw new WriteNotAnnouncedError(
      "The write was not sent to the database: with `intents` it must be announced first, and the invalidation log did not accept the announcement in time. `intents: { onUnavailable: 'proceed' }` sends it anyway.",
    );
  }

  /** @returns Whether the log acknowledged them. Never rejects. */
  async append(changes: readonly Change[], closes: readonly LogPosition[] = []): Promise<boolean> {
    if (changes.length === 0 && closes.length === 0) return true;
    const { background, stats } = this.#parts;
    const appending = this.#parts.append(changes, closes);
    background.add(appending.then(() => {}));
    const appended = await appending;
    if (appended && changes.length > 0) stats.invalidations++;
    return appended;
  }

  /** What `describe` returns; everything if it throws: the write may change anything. */
  #described<Input>(describe: (input: Input) => readonly Change[], input: Input): readonly Change[] {
    try {
      return describe(input);
    } catch (error) {
      const message = messageOf(error);
      this.#parts.events.emit({ type: 'widened', query: 'write', reason: `not-described: ${message}` });
      return [EVERYTHING];
    }
  }
}
