import { setTimeout as delay } from 'node:timers/promises';
import type { CacheEvent } from '@cachetastic/core';
import { randomFrom } from '../../support/random.js';
import { WRITES_PER_LIFE } from '../history.js';
import { ITEMS, type Load } from '../settings.js';
import type { Client } from './client.js';
import { FASHIONS, itemInFashion } from './fashion.js';
import type { Journal } from './journal.js';
import type { Setup } from './messages.js';
import { READS } from './reads.js';
import { USUAL_WRITES, WRITES } from './writes.js';

/** How often the same is asked in a row at most. */
const MOST_REPEATED = 4;
/** How often it is looked whether invalidations wait, in milliseconds. */
const LOOK_EVERY = 10;

const LOTS = Object.entries(READS).flatMap(([name, { weight }]) => Array.from({ length: weight }, () => name));

/** Reads and writes at random, and notes everything down. */
export class Work {
  readonly #client: Client;
  readonly #journal: Journal;
  readonly #setup: Setup;
  readonly #random: () => number;
  readonly #own: number[] = [];
  #writes = 0;
  #loops: Promise<unknown> = Promise.resolve();
  #working = false;
  #waited = false;

  constructor(client: Client, journal: Journal, setup: Setup) {
    this.#client = client;
    this.#journal = journal;
    this.#setup = setup;
    this.#random = randomFrom(setup.seed);
    client.db.$cache.on((event) => this.#hear(event));
    setInterval(() => this.#look(), LOOK_EVERY);
  }

  start({ readers, readPause, writers, writePause, writes = USUAL_WRITES }: Load): void {
    this.#working = true;
    const reading = Array.from({ length: readers }, () => this.#repeat(readPause, () => this.#readSome()));
    const writing = Array.from({ length: writers }, () =>
      this.#repeat(writePause, () => this.#write(this.#of(writes))),
    );
    this.#loops = Promise.all([...reading, ...writing]);
  }

  async stop(): Promise<void> {
    this.#working = false;
    await this.#loops;
  }

  async #repeat(pause: number, work: () => Promise<void>): Promise<void> {
    while (this.#working) {
      await delay(this.#random() * 2 * pause);
      if (this.#working) await work();
    }
  }

  async #readSome(): Promise<void> {
    const name = this.#of(LOTS);
    const { arguments: count = 1 } = READS[name] ?? {};
    // Groups and parents are numbered so that an item's are its id modulo how many there are, until it moves.
    const item = itemInFashion(Math.floor(this.#random() * FASHIONS));
    const inFashion = (count === ITEMS ? item - 1 : item) % count;
    // Otherwise low numbers more often.
    const argument = this.#random() < 0.7 ? inFashion : Math.floor(this.#random() ** 2 * count);
    for (let times = Math.ceil(this.#random() * MOST_REPEATED); times > 0; times--) await this.#read(name, argument);
  }

  async #read(kind: string, argument: number): Promise<void> {
    const { life } = this.#setup;
    const { db } = this.#client;
    const at = this.#journal.now();
    try {
      const { data, info } = await db.$cache.explain(async () => READS[kind]?.ask(db, argument));
      const until = this.#journal.now();
      const { confirmed, epoch, seq } = db.$cache.stats().log;
      const log = `${epoch?.slice(-4)}:${seq}${confirmed ? '' : ' unconfirmed'}`;
      const how = { source: info?.source ?? '', ...(info?.reason === undefined ? {} : { reason: info.reason }) };
      this.#journal.note({ type: 'read', life, kind, argument, at, until, ...how, rows: [], ...data, log });
    } catch (error) {
      const until = this.#journal.now();
      this.#journal.note({ type: 'failed-read', life, at, until, error: textOf(error) });
    }
  }

  async #write(kind: string): Promise<void> {
    const { life, mode } = this.#setup;
    const { db, plainDb } = this.#client;
    const wid = life * WRITES_PER_LIFE + ++this.#writes;
    this.#journal.note({ type: 'write', life, wid, kind, at: this.#journal.now() });
    let error: string | undefined;
    try {
      await WRITES[kind]?.({ db: plainDb, mode, wid, random: this.#random, own: this.#own });
    } catch (thrown) {
      error = textOf(thrown);
    }
    const at = this.#journal.now();
    const waits = db.$cache.stats().queued > 0;
    this.#waited ||= waits;
    this.#journal.note({ type: 'answer', wid, at, waits, ...(error === undefined ? {} : { error }) });
  }

  #look(): void {
    if (!this.#waited || this.#client.db.$cache.stats().queued > 0) return;
    this.#waited = false;
    this.#journal.note({ type: 'settled', life: this.#setup.life, at: this.#journal.now() });
  }

  #hear(event: CacheEvent): void {
    if (!/^(log-|queue-|invalidation-lost)/.test(event.type)) return;
    const text = event.type === 'log-reset' ? `log-reset: ${event.because}` : event.type;
    this.#journal.note({ type: 'event', life: this.#setup.life, at: this.#journal.now(), event: text });
  }

  #of(names: readonly string[]): string {
    return names[Math.floor(this.#random() * names.length)] ?? '';
  }
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
}
