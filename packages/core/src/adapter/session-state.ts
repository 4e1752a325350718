import type { ReadAnalysis } from '../schema/analysis.js';
import { lastingChanges, RESET_ROLE, type SessionChange } from '../sql/statement/session-changes.js';
import type { CacheEvents, Reason } from '../telemetry/events.js';
import type { DatabaseIdentity } from './database-identity.js';

/**
 * What is known of the sessions of one client, on its connection or its pool.
 *
 * The cache asks the database once for the user and the settings. A statement may change these on one connection. From then on
 * the cache does not know them, so reads go to the database. They also do when a connection may show an old state.
 */
export class SessionState {
  #changed = false;
  /** The names of temporary tables, in lower case. */
  readonly #hidden = new Set<string>();
  #roleIsSet = false;
  #rowSecured: ReadonlySet<string> = new Set();
  #isBusy: ((error: unknown) => boolean) | undefined;
  #behind = false;

  /** The state of `client`: the same object for every use of one connection or pool. */
  static of(client: unknown): SessionState {
    if ((typeof client !== 'object' && typeof client !== 'function') || client === null) return new SessionState();
    const known = states.get(client);
    if (known !== undefined) return known;
    const state = new SessionState();
    states.set(client, state);
    return state;
  }

  /** Takes over what identifying the database has shown. */
  opened({ rowSecured, roleIsSet }: Pick<DatabaseIdentity, 'rowSecured' | 'roleIsSet'>, events: CacheEvents): void {
    this.#roleIsSet = roleIsSet;
    this.#rowSecured = new Set(rowSecured);
    if (rowSecured.length > 0) events.emit({ type: 'row-security', tables: rowSecured });
  }

  /** Notes what a statement changes in the session, before it is sent. */
  note(changes: readonly SessionChange[], parameters: readonly unknown[], events: CacheEvents): void {
    if (changes.length === 0 || this.#changed) return;
    // Transactions that set a role for themselves end with `RESET_ROLE`. Without an earlier role, the session is then as before.
    const relevant = changes.filter(({ what }) => what !== RESET_ROLE || this.#roleIsSet);
    for (const { what, hides, ifHidden } of lastingChanges(relevant, parameters)) {
      if (ifHidden !== undefined && ![...this.#hidden].some((name) => ifHidden.has(name))) continue;
      if (hides !== undefined && this.#hidden.has(hides)) continue;
      events.emit({ type: 'session-changed', statement: hides === undefined ? what : `${what} ${hides}` });
      if (hides !== undefined) this.#hidden.add(hides);
      else {
        this.#changed = true;
        return;
      }
    }
  }

  /**
   * Declares that a connection of this client may show an old state of the database after a statement failed with an error that
   * `isBusy` recognises: the driver leaves that statement open, and with it the snapshot that the next read begins. From now on
   * every error must be passed to {@link failed}.
   */
  fallsBehindAfter(isBusy: (error: unknown) => boolean): void {
    this.#isBusy = isBusy;
  }

  /** Whether errors must be passed to {@link failed}. */
  get isWatched(): boolean {
    return this.#isBusy !== undefined;
  }

  /** Calls `run`, which may send statements, and passes its error to {@link failed}. Settles as `run` does. */
  watch<Value>(run: () => Promise<Value>, events: CacheEvents): Promise<Value> {
    return this.#isBusy === undefined ? run() : this.#watched(run, events);
  }

  async #watched<Value>(run: () => Promise<Value>, events: CacheEvents): Promise<Value> {
    try {
      return await run();
    } catch (error) {
      this.failed(error, events);
      throw error;
    }
  }

  /** Checks an error of a statement, or of the begin or end of a transaction. */
  failed(error: unknown, events: CacheEvents): void {
    if (this.#behind || this.#isBusy?.(error) !== true) return;
    this.#behind = true;
    events.emit({ type: 'connection-behind', error });
  }

  /**
   * To be awaited after a load, before {@link refusal} decides whether its result may be kept: another statement may have failed
   * before the load on the same connection, in the same turn of the event loop, and not have reached {@link failed} yet.
   */
  heard(): Promise<void> | undefined {
    return this.#isBusy === undefined ? undefined : new Promise((resolve) => setImmediate(resolve));
  }

  /**
   * Why a read must not use the cache, or `undefined`. With a `scope`, the application itself separates users; an old result
   * is wrong for all of them.
   *
   * @param mayName - Whether the read may name a table, in lower case: one session may have a temporary table of that name.
   */
  refusal(scope: string | undefined, mayName: (table: string) => boolean): Reason | undefined {
    if (this.#behind) return 'connection-behind';
    if (scope !== undefined) return undefined;
    if (this.#changed) return 'session-changed';
    return this.#hidden.size > 0 && [...this.#hidden].some(mayName) ? 'session-changed' : undefined;
  }

  /** `analysis`; a refusal if it reads a table of which policies decide by row what this client sees. */
  secured(analysis: ReadAnalysis, scope: string | undefined): ReadAnalysis {
    if (!analysis.cacheable || scope !== undefined || this.#rowSecured.size === 0) return analysis;
    const { dependencies } = analysis.footprint;
    return dependencies.some(({ model }) => this.#rowSecured.has(model))
      ? { cacheable: false, reason: 'row-security' }
      : analysis;
  }
}

const states = new WeakMap<object, SessionState>();
