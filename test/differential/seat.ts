import type { ReadInfo } from '@cachetastic/core';
import { reachedLog } from '../support/reached-log.js';
import type { Act, CachingDb, Clients, World } from './world.js';

/** How a read was answered. */
export interface Answer {
  /** The value or the error, as text. */
  readonly text: string;
  readonly failed: boolean;
  readonly status: ReadInfo['status'] | 'failed';
  readonly reason: string | undefined;
}

/** What came of a write. */
export interface Outcome {
  readonly done: boolean;
  /** Why it failed. */
  readonly reason: string;
}

/** Writes of one caller at the same time, and what its process said of them. */
export interface Written {
  readonly outcomes: readonly Outcome[];
  /** The position of the log afterwards. */
  readonly seq: number | undefined;
  /** Events that say why more was invalidated than was necessary. */
  readonly widened: readonly string[];
  /** Whether the read that no write changes was loaded again. */
  readonly everything: boolean;
}

export interface AskOrder {
  readonly client: number;
  readonly seeds: readonly number[];
  readonly together: boolean;
  /** How far the log must have been applied before. */
  readonly heard?: number | undefined;
}

export interface WriteOrder {
  readonly client: number;
  readonly seeds: readonly number[];
  /** Reads that run at the same time. */
  readonly meanwhile: readonly number[];
}

/** A world that one process has open. */
export class OpenWorld {
  readonly #world: World;
  readonly #clients: Clients;

  constructor(world: World, clients: Clients) {
    this.#world = world;
    this.#clients = clients;
  }

  /** Asks cached reads of one client. */
  async ask({ client, seeds, together, heard }: AskOrder): Promise<Answer[]> {
    const db = this.#client(client);
    if (heard !== undefined) await reachedLog(db.$cache, heard, 20_000);
    if (together) return Promise.all(seeds.map((seed) => this.#cached(db, this.#world.read(seed))));
    const answers: Answer[] = [];
    for (const seed of seeds) answers.push(await this.#cached(db, this.#world.read(seed)));
    return answers;
  }

  /** What the database says to the same reads. */
  async truth(seeds: readonly number[]): Promise<string[]> {
    const { plain } = this.#clients;
    const texts: string[] = [];
    const lanes = plain.map(async (db, lane) => {
      // One after another: of what is asked at the same time, Prisma makes one statement.
      for (let at = lane; at < seeds.length; at += plain.length) {
        const { run } = this.#world.read(seeds[at] ?? 0);
        texts[at] = (await this.#settle(async () => run(db))).text;
      }
    });
    await Promise.all(lanes);
    return texts;
  }

  async write({ client, seeds, meanwhile }: WriteOrder): Promise<Written> {
    const db = this.#client(client);
    // Cached, so that it shows the writes below.
    await this.#cached(db, this.#world.canary);
    const widened: string[] = [];
    const stop = db.$cache.on((event) => {
      if (event.type === 'widened') widened.push(event.reason);
      if (event.type === 'log-reset' || event.type === 'log-unconfirmed') widened.push(event.type);
    });
    const [outcomes] = await Promise.all([
      this.#performAll(db, seeds),
      Promise.all(meanwhile.map((seed) => this.#cached(db, this.#world.read(seed)))),
    ]);
    stop();
    const { seq } = db.$cache.stats().log;
    const { status } = await this.#cached(db, this.#world.canary);
    return { outcomes, seq, widened, everything: status !== 'hit' };
  }

  /** Writes without a cache, as a part of what was there before. */
  async prepare(seeds: readonly number[]): Promise<void> {
    const { plain, errorText } = this.#clients;
    const [db = {}] = plain;
    for (const seed of seeds) await perform(() => this.#world.write(seed).run(db), errorText);
  }

  /** Invalidates everything that is cached. @returns The position of the log afterwards. */
  async clear({ client }: { readonly client: number }): Promise<number | undefined> {
    const { $cache } = this.#client(client);
    await $cache.clear();
    return $cache.stats().log.seq;
  }

  close(): Promise<void> {
    return this.#clients.close();
  }

  #client(at: number): CachingDb {
    const db = this.#clients.caching[at];
    if (db === undefined) throw new Error(`There is no client ${at}`);
    return db;
  }

  async #performAll(db: object, seeds: readonly number[]): Promise<Outcome[]> {
    if (this.#world.oneWriter !== true) return Promise.all(seeds.map((seed) => this.#perform(db, seed)));
    const outcomes: Outcome[] = [];
    for (const seed of seeds) outcomes.push(await this.#perform(db, seed));
    return outcomes;
  }

  #perform(db: object, seed: number): Promise<Outcome> {
    return perform(() => this.#world.write(seed).run(db), this.#clients.errorText);
  }

  async #cached(db: CachingDb, { run, options }: Act): Promise<Answer> {
    let info: ReadInfo | undefined;
    const settled = await this.#settle(async () => {
      const told = await db.$cache.explain(async () => run(db.$cached({ ttl: '10m', ...options })));
      info = told.info;
      return told.data;
    });
    return { ...settled, status: info?.status ?? 'failed', reason: info?.reason };
  }

  async #settle(ask: () => Promise<unknown>): Promise<{ text: string; failed: boolean }> {
    try {
      return { text: this.#clients.textOf(await ask()), failed: false };
    } catch (error) {
      return { text: `fails: ${this.#clients.errorText(error)}`, failed: true };
    }
  }
}

async function perform(write: () => PromiseLike<unknown>, errorText: (error: unknown) => string): Promise<Outcome> {
  try {
    await write();
    return { done: true, reason: '' };
  } catch (error) {
    return { done: false, reason: errorText(error).slice(0, 40) };
  }
}
