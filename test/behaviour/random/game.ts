import { inspect } from 'node:util';
import type { ReadInfo } from '@cachetastic/core';
import { Dice } from './dice.js';
import { Filters } from './filters.js';
import { ask, perform } from './perform.js';
import { type RandomRead, Reads } from './reads.js';
import type { Tally } from './tally.js';
import type { Clients, World } from './world.js';
import { type RandomWrite, Writes } from './writes.js';

/** What a game is played with. */
export interface Table extends Clients {
  readonly world: World;
  /** Puts the first rows back. */
  readonly reset: () => Promise<void>;
}

/** What is known of a read: how it was answered last, and from where. */
interface Answer {
  readonly text: string;
  readonly info: ReadInfo | undefined;
  readonly invalid: boolean;
}

const READS = 40;
const WRITES = 30;

/**
 * One game: some reads stay warm while random writes go by; after each of them every answer that still comes from the
 * cache must be the database's.
 *
 * @returns What was stale, in words that name the seed, the read and the writes since.
 */
export async function play(table: Table, seed: number, tally: Tally): Promise<string[]> {
  return new Game(table, seed, tally).play();
}

class Game {
  readonly #table: Table;
  readonly #seed: number;
  readonly #tally: Tally;
  readonly #dice: Dice;
  readonly #reads: Reads;
  readonly #writes: Writes;
  readonly #stale: string[] = [];
  #warm: RandomRead[] = [];

  constructor(table: Table, seed: number, tally: Tally) {
    this.#table = table;
    this.#seed = seed;
    this.#tally = tally;
    this.#dice = new Dice(seed);
    const filters = new Filters(this.#dice, table.world.shape);
    this.#reads = new Reads(filters);
    this.#writes = new Writes(filters, this.#reads, table.world.statements);
  }

  async play(): Promise<string[]> {
    await this.#table.reset();
    await this.#table.cached.$cache.clear();
    await this.#refill(READS);
    for (let round = 0; round < WRITES; round++) {
      const writes = this.#dice.list(1, this.#dice.chance(0.85) ? 1 : 3, () => this.#writes.write());
      const outcomes = await this.#write(writes);
      await this.#check(`game ${this.#seed}, round ${round}`, writes, outcomes);
      this.#warm = this.#dice.some(this.#warm, 0.9);
      await this.#refill(READS);
    }
    return this.#stale;
  }

  async #refill(size: number): Promise<void> {
    while (this.#warm.length < size) {
      const reads = Array.from({ length: size - this.#warm.length }, () => this.#reads.read());
      const answers = await this.#askAll(reads);
      this.#warm.push(...reads.filter((_, at) => answers[at]?.invalid === false));
    }
  }

  /** Runs `writes` at once, sometimes with reads beside them. */
  async #write(writes: readonly RandomWrite[]): Promise<readonly string[]> {
    const meanwhile = this.#dice.chance(0.3) ? this.#dice.some(this.#warm, 0.5) : [];
    const running = writes.map(async (write) => {
      try {
        await perform(this.#table.cached, write);
        return 'done';
      } catch (error) {
        return reasonOf(error);
      }
    });
    await this.#askAll(meanwhile);
    const outcomes = await Promise.all(running);
    for (const outcome of outcomes) {
      this.#tally.writes++;
      if (outcome === 'done') this.#tally.done++;
      else this.#tally.failed(outcome);
    }
    return outcomes;
  }

  async #check(place: string, writes: readonly RandomWrite[], outcomes: readonly string[]): Promise<void> {
    const answers = await this.#askAll(this.#warm);
    for (const [at, read] of this.#warm.entries()) {
      const answer = answers[at];
      if (answer === undefined) continue;
      const kept = answer.info?.status === 'hit';
      if (outcomes.includes('done')) {
        this.#tally.asked++;
        if (kept) this.#tally.survived++;
      }
      if (!kept) continue;
      this.#tally.compared++;
      const truth = await settle(ask(this.#table.plain, read), this.#table.textOf);
      if (truth.text !== answer.text) this.#stale.push(story({ place, read, answer, truth, writes, outcomes }));
    }
  }

  async #askAll(reads: readonly RandomRead[]): Promise<Answer[]> {
    if (this.#dice.chance(0.5)) return Promise.all(reads.map((read) => this.#ask(read)));
    const answers: Answer[] = [];
    for (const read of reads) answers.push(await this.#ask(read));
    return answers;
  }

  async #ask(read: RandomRead): Promise<Answer> {
    const { cached, textOf } = this.#table;
    const client = cached.$cached({ ttl: '10m' });
    const { data, info } = await cached.$cache.explain(() => settle(ask(client, read), textOf));
    return { ...data, info };
  }
}

interface Settled {
  readonly text: string;
  readonly invalid: boolean;
}

async function settle(answer: PromiseLike<unknown>, textOf: Clients['textOf']): Promise<Settled> {
  try {
    return { text: textOf(await answer), invalid: false };
  } catch (error) {
    const reason = reasonOf(error);
    return { text: `fails: ${reason}`, invalid: reason !== 'P2025' };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name === 'Error' ? error.message.slice(0, 60) : error.name;
}

interface Story {
  readonly place: string;
  readonly read: RandomRead;
  readonly answer: Answer;
  readonly truth: Settled;
  readonly writes: readonly RandomWrite[];
  readonly outcomes: readonly string[];
}

function story({ place, read, answer, truth, writes, outcomes }: Story): string {
  const show = (value: unknown): string => inspect(value, { depth: null, breakLength: 140, compact: 20 });
  return [
    `${place}: a stale answer`,
    `read     ${show(read)}`,
    `depends  ${show(answer.info?.footprint)}`,
    ...writes.map((write, at) => `write    ${outcomes[at]}: ${show(write)}`),
    `cached   ${answer.text}`,
    `database ${truth.text}`,
  ].join('\n');
}
