import { setImmediate } from 'node:timers/promises';
import type { QueryCache } from '@cachetastic/core';
import type { Redis } from 'ioredis';
import { type User, userById } from './changes.js';
import { now } from './now.js';

/** That memory did not answer. */
export interface Miss {
  /** Since when: from the first look that found nothing on. */
  readonly time: number;
  /** What memory held before, and what was loaded then, differ by the writes up to this place in the log. */
  seq: number;
}

/** What was seen. */
export interface Sightings {
  /** By row, in order. */
  readonly misses: readonly (readonly Miss[])[];
  /** When each raw message was heard, by its number. */
  readonly messages: readonly number[];
}

/** Keeps rows in memory and looks without a pause whether memory still answers. */
export class RowWatch {
  readonly #cache: QueryCache;
  readonly #misses: readonly Miss[][];
  readonly #messages: number[] = [];
  readonly #loading = new Set<number>();
  /** The rows that memory has answered for since it last did not. */
  readonly #answered = new Set<number>();
  #ended = false;
  #watching: Promise<void> = Promise.resolve();

  private constructor(cache: QueryCache, rows: number) {
    this.#cache = cache;
    this.#misses = Array.from({ length: rows }, () => []);
  }

  /** @param client - Hears the raw messages of `channel`, for comparison. */
  static async start(cache: QueryCache, rows: number, client: Redis, channel: string): Promise<RowWatch> {
    const watch = new RowWatch(cache, rows);
    client.on('message', (_channel: string, message: string) => {
      watch.#messages[Number(message)] = now();
    });
    await client.subscribe(channel);
    await Promise.all(watch.#misses.map((_, row) => watch.#read(row)));
    watch.#watching = watch.#watch();
    return watch;
  }

  async end(): Promise<Sightings> {
    this.#ended = true;
    await this.#watching;
    return { misses: this.#misses, messages: this.#messages };
  }

  async #watch(): Promise<void> {
    // Every row is looked at once more after the end, when no load of it is under way.
    for (let last = false; !last; ) {
      last = this.#ended && this.#loading.size === 0;
      this.#misses.forEach((misses, row) => {
        if (this.#loading.has(row)) return;
        const answer = this.#read(row);
        if (!(answer instanceof Promise)) {
          this.#answered.add(row);
          return;
        }
        const time = now();
        const since = this.#answered.delete(row) ? time : (misses.at(-1)?.time ?? time);
        misses.push({ time: since, seq: this.#position });
        this.#loading.add(row);
        void answer.then(() => this.#loading.delete(row));
      });
      await setImmediate();
    }
  }

  #read(row: number): User | Promise<User> {
    const load = async (): Promise<User> => {
      const miss = this.#misses[row]?.at(-1);
      // It began at this position: what it brings is younger than every write up to here.
      if (miss !== undefined) miss.seq = this.#position;
      return { id: row, name: 'Ada', createdAt: new Date(0) };
    };
    return this.#cache.read(userById(row), load) as User | Promise<User>;
  }

  get #position(): number {
    return this.#cache.stats().log.seq ?? 0;
  }
}
