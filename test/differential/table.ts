import { sharedRedis, uniqueNamespace } from '../support/services/index.js';
import type { OtherProcess } from './other/index.js';
import { type Answer, type AskOrder, OpenWorld, type WriteOrder, type Written } from './seat.js';
import type { Base, SharedOptions, World } from './world.js';

/** A client at the table: one of this process, or of another one. */
export interface Seat {
  readonly name: string;
  /** Seats of one process hear of each other's writes before the write is answered. */
  readonly process: 'this' | 'other';
  ask(order: Omit<AskOrder, 'client'>): Promise<Answer[]>;
  write(order: Omit<WriteOrder, 'client'>): Promise<Written>;
  clear(): Promise<number | undefined>;
}

/** Everything that a game needs: a database, clients on it in two processes that share a Redis, and one without a cache. */
export interface Table {
  readonly world: World;
  readonly base: Base;
  readonly seats: readonly Seat[];
  truth(seeds: readonly number[]): Promise<string[]>;
  /** Runs writes past the library. */
  prepare(seeds: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

const CLIENTS_HERE = 2;

/** Lays a table for `world`, with one client in `other`. Close it. */
export async function layTable(world: World, other: OtherProcess): Promise<Table> {
  const options: SharedOptions = {
    namespace: uniqueNamespace(),
    // Nothing here is about a slow Redis: a busy machine must not make the caches step aside.
    ...(world.withoutRedis === true ? {} : { redis: { url: await sharedRedis(), deadline: '5s' } }),
  };
  const base = await world.create();
  await base.reset();
  const here = new OpenWorld(world, await world.open(base.address, options, CLIENTS_HERE));
  const seats = Array.from({ length: CLIENTS_HERE }, (_, client) => seatHere(here, client));
  if (world.withoutRedis !== true) {
    await other.call('enter', { world: world.name, address: base.address, options });
    seats.push(seatThere(other));
  }
  // A cache opens with its first read, and hears nothing before.
  for (const seat of seats) await seat.ask({ seeds: [0], together: false });
  return {
    world,
    base,
    seats,
    truth: (seeds) => here.truth(seeds),
    prepare: (seeds) => here.prepare(seeds),
    async close() {
      await other.call('leave');
      await here.close();
      await base.drop();
    },
  };
}

function seatHere(here: OpenWorld, client: number): Seat {
  return {
    name: `client ${client + 1} of this process`,
    process: 'this',
    ask: (order) => here.ask({ client, ...order }),
    write: (order) => here.write({ client, ...order }),
    clear: () => here.clear({ client }),
  };
}

function seatThere(other: OtherProcess): Seat {
  return {
    name: 'the client of the other process',
    process: 'other',
    ask: (order) => other.call('ask', { client: 0, ...order }),
    write: (order) => other.call('write', { client: 0, ...order }),
    clear: () => other.call('clear', { client: 0 }),
  };
}

/** The same table, where the writes of every seat go past the library. */
export function pastTheLibrary(table: Table): Table {
  const write = async ({ seeds }: Omit<WriteOrder, 'client'>): Promise<Written> => {
    await table.prepare(seeds);
    return { outcomes: seeds.map(() => ({ done: true, reason: '' })), seq: undefined, widened: [], everything: false };
  };
  return { ...table, seats: table.seats.map((seat) => ({ ...seat, write })) };
}
