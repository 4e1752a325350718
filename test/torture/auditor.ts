import pg from 'pg';
import { machineTime } from '../support/versioned-reads.js';
import type { Audited, Timeline } from './checker/timeline.js';

const SELECT = `
  SELECT left(tbl, 1) || id AS row, v AS version, wid, alive, g, n, parent_id AS "parentId", kind,
    xid::text AS transaction, pg_snapshot_xmin(pg_current_snapshot())::text AS oldest
  FROM (SELECT) one LEFT JOIN audit ON xid >= $1::xid8 ORDER BY ci`;

/** How often it asks, in milliseconds. */
const EVERY = 100;

/** Asks the database itself, past every cache and proxy, what was committed. */
export class Auditor {
  readonly #client: pg.Client;
  readonly #timeline: Timeline;
  /** Older ones have ended, and were reported. */
  #oldest = '0';
  readonly #told = new Set<string>();
  #asking: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  static async start(url: string, timeline: Timeline): Promise<Auditor> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const auditor = new Auditor(client, timeline);
    await auditor.#ask(Number.NEGATIVE_INFINITY);
    return auditor;
  }

  private constructor(client: pg.Client, timeline: Timeline) {
    this.#client = client;
    this.#timeline = timeline;
    this.#timer = setInterval(() => void this.ask(), EVERY);
  }

  /** Learns what is committed by now. */
  ask(): Promise<void> {
    this.#asking = this.#asking.then(() => this.#ask());
    return this.#asking;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#asking;
    await this.#client.end();
  }

  async #ask(committedBy?: number): Promise<void> {
    const { rows } = await this.#client.query<Audited & { readonly oldest: string }>(SELECT, [this.#oldest]);
    const at = committedBy ?? machineTime();
    const found = rows.flatMap(({ oldest, ...audited }) => {
      const name = `${audited.row} ${audited.version} ${audited.transaction}`;
      if (audited.row === null || this.#told.has(name)) return [];
      this.#told.add(name);
      return audited;
    });
    this.#timeline.audited(found, at);
    this.#oldest = rows[0]?.oldest ?? this.#oldest;
  }
}
