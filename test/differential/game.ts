import { Dice } from '../behaviour/random/dice.js';
import type { Answer } from './seat.js';
import type { Table } from './table.js';
import type { Tally } from './tally.js';

/** Writes that one seat ran at the same time. */
export interface Move {
  readonly seat: number;
  readonly seeds: readonly number[];
  readonly meanwhile: readonly number[];
}

/** An answer of a cache that was not the database's. */
export interface Wrong {
  readonly game: number;
  readonly round: number;
  readonly seat: number;
  readonly read: number;
  readonly answer: Answer;
  readonly truth: string;
  /** Every move of the game up to here. */
  readonly moves: readonly Move[];
}

/** How long a game is. */
export interface Length {
  readonly reads: number;
  readonly rounds: number;
}

/**
 * One game: some reads stay warm in both processes while one of them writes. After each round every answer of every
 * client must be the database's, wherever it came from.
 */
export class Game {
  readonly #table: Table;
  readonly #seed: number;
  readonly #tally: Tally;
  readonly #length: Length;
  readonly #dice: Dice;
  readonly #moves: Move[] = [];
  readonly #wrong: Wrong[] = [];
  #warm: number[] = [];
  #heard: number | undefined;

  constructor(table: Table, seed: number, tally: Tally, length: Length) {
    this.#table = table;
    this.#seed = seed;
    this.#tally = tally;
    this.#length = length;
    this.#dice = new Dice(seed);
  }

  /** Plays until the end, or until an answer is wrong. */
  async play(): Promise<readonly Wrong[]> {
    const { base, seats } = this.#table;
    await base.reset();
    this.#heard = await seats[0]?.clear();
    this.#refill();
    await this.#compare(-1);
    for (let round = 0; round < this.#length.rounds && this.#wrong.length === 0; round++) {
      await this.#move();
      await this.#compare(round);
      this.#warm = this.#dice.some(this.#warm, 0.9);
      const before = this.#warm.length;
      this.#refill();
      // What is new must be warm before the next write.
      for (const seat of seats)
        await seat.ask({ seeds: this.#warm.slice(before), together: this.#table.world.oneByOne !== true });
    }
    return this.#wrong;
  }

  async #move(): Promise<void> {
    const { seats } = this.#table;
    const dice = this.#dice;
    const seat = dice.int(0, seats.length - 1);
    const move: Move = {
      seat,
      seeds: dice.list(1, dice.chance(0.9) ? 1 : 3, () => seedOf(dice)),
      meanwhile: dice.chance(0.25) && this.#table.world.oneByOne !== true ? dice.some(this.#warm, 0.5) : [],
    };
    this.#moves.push(move);
    const written = await seats[seat]?.write(move);
    if (written === undefined) return;
    this.#tally.written(written);
    this.#heard = written.seq ?? this.#heard;
  }

  async #compare(round: number): Promise<void> {
    const { seats } = this.#table;
    const seeds = this.#warm;
    const together = this.#table.world.oneByOne !== true && this.#dice.chance(0.5);
    const writer = round < 0 ? undefined : seats[this.#moves.at(-1)?.seat ?? 0];
    const answers = await Promise.all(
      seats.map((seat) => {
        const heard = seat.process === writer?.process ? undefined : this.#heard;
        return seat.ask({ seeds, together, heard });
      }),
    );
    const truth = await this.#table.truth(seeds);
    const failing = new Set<number>();
    for (const [seat, given] of answers.entries())
      for (const [at, answer] of given.entries()) {
        const read = seeds[at] ?? 0;
        this.#tally.answered(answer);
        if (answer.failed) failing.add(read);
        if (answer.text === truth[at]) continue;
        const moves = [...this.#moves];
        this.#wrong.push({ game: this.#seed, round, seat, read, answer, truth: truth[at] ?? '', moves });
      }
    // An error is compared once: what is refused has nothing to keep warm.
    this.#warm = seeds.filter((seed) => !failing.has(seed));
  }

  #refill(): void {
    while (this.#warm.length < this.#length.reads) this.#warm.push(seedOf(this.#dice));
  }
}

function seedOf(dice: Dice): number {
  return dice.int(0, 2 ** 31 - 1);
}
