import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/services/index.js';
import { BLOG_WORLD } from './random/blog-world.js';
import { play, type Table } from './random/game.js';
import { LINKS_WORLD } from './random/links-world.js';
import { Tally } from './random/tally.js';
import type { Clients } from './random/world.js';

/*
 * Random reads stay in the cache while random writes go by. RANDOM_SEED=<number> repeats a game, RANDOM_SECONDS says how
 * long to play.
 */

const SECONDS = Number(process.env['RANDOM_SECONDS'] ?? 15);
const FIRST = Number(process.env['RANDOM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe.each([BLOG_WORLD, LINKS_WORLD])('$name', (world) => {
  let database: TestDatabase;
  let clients: Clients;
  let table: Table;

  beforeAll(async () => {
    database = await createDatabase(world.tables);
    clients = world.open(database.url);
    table = { ...clients, world, reset: () => database.execute(world.rows) };
  });

  afterAll(async () => {
    await clients.close();
    await database.drop();
  });

  it('no cached read survives a write that changes its result', { timeout: (SECONDS + 60) * 1000 }, async () => {
    const tally = new Tally();
    const stale: string[] = [];
    const end = performance.now() + (SECONDS / 2) * 1000;
    let seed = FIRST;
    do stale.push(...(await play(table, seed++, tally)));
    while (performance.now() < end && stale.length < 10);
    console.log(`${world.name}, games ${FIRST} to ${seed - 1}: ${stale.length} stale\n${tally}`);

    expect(stale.join('\n\n')).toBe('');
  });
});
