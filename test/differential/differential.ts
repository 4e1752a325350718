import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Game, type Length, type Wrong } from './game.js';
import { type OtherProcess, startOtherProcess } from './other/index.js';
import { explain } from './shrink.js';
import { layTable, pastTheLibrary, type Table } from './table.js';
import { Tally } from './tally.js';
import type { World } from './world.js';

/*
 * Random reads stay warm in two processes while random writes go by, and every answer is compared with what a client without a
 * cache says of the same database. `npm run test:long` sets these.
 */
const { DIFFERENTIAL_MINUTES, DIFFERENTIAL_READS, DIFFERENTIAL_SEED, DIFFERENTIAL_WORLDS = '' } = process.env;
const MINUTES = DIFFERENTIAL_MINUTES === undefined ? undefined : Number(DIFFERENTIAL_MINUTES);
const READS = Number(DIFFERENTIAL_READS ?? Number.POSITIVE_INFINITY);
const ASKED = DIFFERENTIAL_WORLDS.split(',').filter((name) => name !== '');

const LONG: Length = { reads: 40, rounds: 25 };
const SHORT: Length = { reads: 20, rounds: 16 };
const SHORT_GAMES = 1;
const ENOUGH = 5;

/** Plays in each of `worlds`. */
export function differential(worlds: readonly World[]): void {
  const played = worlds.filter(({ name }) => ASKED.length === 0 || ASKED.some((start) => name.startsWith(start)));
  let other: OtherProcess;

  beforeAll(async () => {
    if (played.length > 0) other = await startOtherProcess();
  });

  afterAll(() => other?.close());

  describe.each(played)('$name', (world) => {
    let table: Table;

    beforeAll(async () => {
      table = await layTable(world, other);
    });

    afterAll(() => table?.close());

    it('every cached read equals the result of the database, after every write', { timeout: timeout() }, async () => {
      const tally = new Tally();
      const stories: string[] = [];
      const end = performance.now() + (MINUTES ?? 0) * 60_000;
      const first = Number(DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2 ** 31));
      let seed = first;
      const goesOn = (): boolean =>
        MINUTES === undefined ? seed < first + SHORT_GAMES : performance.now() < end && tally.compared < READS;
      do {
        const wrong = await new Game(table, seed++, tally, MINUTES === undefined ? SHORT : LONG).play();
        const [found] = wrong;
        if (found !== undefined) stories.push(await explain(table, found));
      } while (goesOn() && stories.length < ENOUGH);
      console.log(`${world.name}, games ${first} to ${seed - 1}\n${tally}`);

      expect(stories.join('\n\n')).toBe('');
      expect(tally.hits).toBeGreaterThan(0);
      // Every read of a game can be analysed. One that cannot any more would be right all the same, and pass unseen.
      expect(tally.notAnalysed).toEqual([]);
      expect(tally.done).toBeGreaterThan(0);
    });
    // Once for each file: it says that games and reports find something, whatever the world.
    if (world !== played[0]) return;

    it('a write outside of the library is detected, and its report is short', { timeout: timeout() }, async () => {
      const faulty = pastTheLibrary(table);
      const wrong: Wrong[] = [];
      for (let seed = 1; wrong.length === 0 && seed <= 20; seed++)
        wrong.push(...(await new Game(faulty, seed, new Tally(), SHORT).play()));
      const [found] = wrong;

      expect(found?.answer.status).toBe('hit');
      expect(found && (await explain(faulty, found))).toMatch(/^write /m);
    });
  });
}

function timeout(): number {
  return ((MINUTES ?? 0) + 4) * 60_000;
}
