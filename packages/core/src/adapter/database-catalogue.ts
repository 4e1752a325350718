import type { Catalogue } from '../catalogue/catalogue.js';
import { catalogueQuestion } from '../catalogue/catalogue-questions.js';
import type { KnownFunctions } from '../catalogue/known-functions.js';
import { type CatalogueRow, parseCatalogue } from '../catalogue/parse-catalogue.js';
import { type Clock, systemClock } from '../clock.js';
import { type Change, EVERYTHING, modelKey } from '../match/change.js';
import { messageOf } from '../plain.js';
import { TimeLimit } from '../resilience/time-limit.js';
import type { WriteAnalysis } from '../schema/analysis.js';
import type { ParsedSql } from '../sql/parsed-sql.js';
import type { CacheEvents } from '../telemetry/events.js';

/** If a statement names an unknown function, the catalogue is read again, but at most once in so many milliseconds. */
const UNKNOWN_AGAIN = 5_000;
/** While statements write or call functions, the catalogue is read again in the background after so many milliseconds. */
const AGAIN = 45_000;
/** A write is judged by no older catalogue, in milliseconds: another program may have changed a trigger or a foreign key. */
const OLDEST = 60_000;
/** How long a write waits for a newer one, in milliseconds. */
const LONGEST_WAIT = 1_000;
/** How many queries one reading takes at most: the rows of one may lead to schemas that the next must include. */
const MOST_ROUNDS = 5;

/** What a {@link DatabaseCatalogue} works with. */
export interface DatabaseCatalogueParts {
  readonly provider: string | undefined;
  /** Gets the functions of the catalogue. */
  readonly functions: KnownFunctions;
  readonly events: CacheEvents;
  /**
   * The schemas whose tables matter in addition to those of the search path. If the catalogue leads to others, it is read for
   * those as well.
   */
  readonly schemas: () => readonly string[];
  /** Called whenever the catalogue has changed. */
  readonly learned?: (() => void) | undefined;
  /** Runs one query without the cache. @returns All its rows. */
  readonly ask: (sql: string) => Promise<readonly CatalogueRow[]>;
  readonly clock?: Clock | undefined;
}

/**
 * The database's catalogue: read with one statement when the cache opens, and again when a statement names an unknown
 * function, after a statement that changes definitions, and before a minute has passed while statements write.
 *
 * If the client may not read it, it stays unknown, and the event `catalogue-unread` reports that once.
 */
export class DatabaseCatalogue {
  readonly #parts: DatabaseCatalogueParts;
  readonly #clock: Clock;
  #known: Catalogue | undefined;
  #answer: string | undefined;
  #asking: Promise<void> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** When the query began whose rows are known. */
  #knownAt = Number.NEGATIVE_INFINITY;
  #isAsked = false;
  /** How many statements changed definitions that may not be visible yet. */
  #unsettled = 0;
  readonly #reported = new Set<string>();
  #withoutRollback: ReadonlySet<string> = new Set();

  constructor(parts: DatabaseCatalogueParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
  }

  /** As it was read last; `undefined` before that, and if it may not be read. */
  get known(): Catalogue | undefined {
    return this.#known;
  }

  /** Whether an attempt to read it has ended, with success or without. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  /**
   * What `analyse` returns. If a write changed anything while definitions are being changed, or while the catalogue is too
   * old: everything, because a trigger or a foreign key that is not known yet may have changed more.
   */
  judge(analyse: () => WriteAnalysis): WriteAnalysis {
    const analysis = analyse();
    const isDoubted = this.#parts.functions.isDoubted;
    if (analysis.changes.length === 0 || (!isDoubted && !this.isTooOld)) return analysis;
    const why = isDoubted ? 'definitions are being changed' : 'the catalogue was read more than a minute ago';
    return { changes: [EVERYTHING], widened: analysis.widened ?? why };
  }

  /** Whether what is known may be wrong by now. If it was never known, the schema in code decides. */
  get isTooOld(): boolean {
    return this.#known !== undefined && this.#clock.now() - this.#knownAt >= OLDEST;
  }

  /**
   * Reads the catalogue again if it is too old, and waits at most {@link LONGEST_WAIT}: {@link judge} checks whether that was
   * enough. Not to be called in a transaction, which may hold the only connection.
   */
  async renew(): Promise<void> {
    if (!this.isTooOld) return;
    const isRefused = this.#asking === undefined && this.#clock.now() - this.#askedAt < UNKNOWN_AGAIN;
    if (!isRefused) await new TimeLimit(this.#clock, LONGEST_WAIT).ended(this.ask());
  }

  /**
   * Whether a rollback may leave some of `changes`: those of a table that cannot roll back, and those of SQL that was not analysed,
   * which may have committed or written elsewhere.
   */
  outlivesRollback(changes: readonly Change[]): boolean {
    return changes.some(
      (change) =>
        change.kind === 'everything' || (change.kind === 'model' && this.#withoutRollback.has(modelKey(change.model))),
    );
  }

  /** Whether a write with these `changes` may have left some of them although the database refused it. */
  outlivesRefusal(changes: () => readonly Change[]): boolean {
    return this.#withoutRollback.size > 0 && this.outlivesRollback(changes());
  }

  /** Reads the catalogue. Concurrent callers share one query. Never rejects. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Considers a statement that runs: it may be a reason to read the catalogue again, in the background. */
  heed({ changesPath, callsUnknown }: Pick<ParsedSql, 'changesPath' | 'callsUnknown'>): void {
    if (changesPath) this.#parts.functions.forgetPath();
    if (!this.#isAsked) return;
    if (this.#clock.now() - this.#askedAt >= (callsUnknown ? UNKNOWN_AGAIN : AGAIN)) void this.ask();
  }

  /** Like {@link heed}, for a read. Only its functions can make it a write, so one that calls none is no reason. */
  heedCalls(parsed: Pick<ParsedSql, 'changesPath' | 'calls' | 'callsUnknown'>): void {
    if (parsed.calls) this.heed(parsed);
  }

  /**
   * Whether the catalogue, not read yet, may decide how a statement is judged: a function of the application may have the name
   * of a built-in one.
   */
  mayDecide({ calls, callsUnknown }: Pick<ParsedSql, 'calls' | 'callsUnknown'>): boolean {
    return !this.#isAsked && calls && (callsUnknown || this.#parts.provider !== 'sqlite');
  }

  /** Runs a statement that may write, and reads the catalogue again if it changed definitions. */
  async around<Value>(
    parsed: Pick<ParsedSql, 'changesPath' | 'callsUnknown' | 'redefines'>,
    ended: Promise<void> | undefined,
    run: () => Promise<Value>,
  ): Promise<Value> {
    this.heed(parsed);
    if (!parsed.redefines) return run();
    try {
      return await run();
    } finally {
      await this.redefined(ended);
    }
  }

  /**
   * To be called after a statement that changed definitions: no function is trusted until the catalogue was read again.
   *
   * @param ended - Resolves when the transaction of the statement ends: before, other connections do not see the change.
   * @returns Resolves when the catalogue was read again; at once in a transaction.
   */
  async redefined(ended: Promise<void> | undefined): Promise<void> {
    if (this.#known === undefined) return;
    this.#unsettled += 1;
    this.#parts.functions.doubt(true);
    const settled = this.#settle(ended);
    if (ended === undefined) await settled;
  }

  async #settle(ended: Promise<void> | undefined): Promise<void> {
    await ended;
    this.#unsettled -= 1;
    // A query that is running may have read the old definitions.
    await this.#asking;
    await this.ask();
  }

  async #ask(): Promise<void> {
    const { provider, functions, schemas, ask } = this.#parts;
    const askedAt = this.#clock.now();
    this.#askedAt = askedAt;
    const settled = this.#unsettled === 0;
    try {
      for (let round = 0; round < MOST_ROUNDS; round += 1) {
        const named = schemas();
        const sql = catalogueQuestion(provider, named);
        if (sql === undefined) break;
        this.#learn(await ask(sql));
        if (!schemas().every((schema) => named.includes(schema))) continue;
        if (settled && this.#unsettled === 0) functions.doubt(false);
        break;
      }
      this.#knownAt = askedAt;
    } catch (error) {
      this.#report(`the database refused: ${messageOf(error)}`, error);
    }
    this.#isAsked = true;
  }

  #learn(rows: readonly CatalogueRow[]): void {
    const answer = JSON.stringify(rows.map(({ kind, facts }) => [kind, facts]).toSorted());
    if (answer === this.#answer) return;
    const catalogue = parseCatalogue(rows);
    this.#answer = answer;
    this.#known = catalogue;
    this.#withoutRollback = new Set(catalogue.withoutRollback.map(modelKey));
    this.#parts.functions.learn(catalogue.functions);
    this.#parts.learned?.();
    for (const what of catalogue.missing) this.#report(what, undefined);
  }

  #report(reason: string, error: unknown): void {
    const kind = error === undefined ? reason : 'refused';
    if (this.#reported.has(kind)) return;
    this.#reported.add(kind);
    this.#parts.events.emit({ type: 'catalogue-unread', reason, ...(error === undefined ? {} : { error }) });
  }
}
