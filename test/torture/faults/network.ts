import { setTimeout as delay } from 'node:timers/promises';
import { again, anyone, type Fault, type Hand, meanwhile } from './fault.js';

/** What happens between processes and servers. */
export const NETWORK_FAULTS: readonly Fault[] = [
  {
    ...{ id: 'F6', name: 'subscriptions killed (CLIENT KILL)' },
    run: (hand) => again(hand, 60, () => hand.world.admin((redis) => redis.call('client', 'kill', 'type', 'pubsub'))),
  },
  {
    ...{ id: 'F6s', name: 'messages vanish without a word' },
    run: (hand) =>
      meanwhile(
        hand,
        () => hand.world.ways.forEach((way) => void way.swallow(/subscribe/)),
        () => hand.world.ways.forEach((way) => void way.restore()),
      ),
  },
  {
    ...{ id: 'F8', name: 'one process in a black hole' },
    run: (hand) => onOneWay(hand, (way) => way.blackhole()),
  },
  {
    ...{ id: 'F8c', name: 'one process cut off' },
    run: (hand) => onOneWay(hand, (way) => way.cut()),
  },
  {
    ...{ id: 'F8a', name: 'all processes in a black hole', lost: true },
    // Answers from before must not have expired when it is over.
    longest: 1_300,
    run: (hand) =>
      meanwhile(
        hand,
        () => hand.world.ways.forEach((way) => void way.blackhole()),
        () => restoreOneByOne(hand),
      ),
  },
  {
    ...{ id: 'F8d', name: 'slow network (delay up to 80 ms)' },
    run: async (hand) => {
      await again(hand, 300, async () => {
        for (const way of hand.world.ways) way.delay(hand.random() * 80);
      });
      for (const way of hand.world.ways) way.restore();
    },
  },
  {
    ...{ id: 'F13', name: 'slow database (delay up to 150 ms)' },
    load: { readers: 6, writers: 2 },
    run: async (hand) => {
      await again(hand, 200, async () => hand.world.databaseWays[anyone(hand)]?.delay(hand.random() * 150));
      for (const way of hand.world.databaseWays) way.restore();
    },
  },
  { ...{ id: 'F12', name: 'answers of the database lost' }, load: { writePause: 120 }, run: loseAnswers },
];

type Way = Hand['world']['ways'][number];

async function onOneWay(hand: Hand, fault: (way: Way) => void): Promise<void> {
  const way = hand.world.ways[anyone(hand)];
  await meanwhile(
    hand,
    () => way && fault(way),
    () => way?.restore(),
  );
}

/** One process is back before the others can report what they wrote meanwhile. */
async function restoreOneByOne({ world, random }: Hand): Promise<void> {
  const from = Math.floor(random() * world.ways.length);
  for (const way of [...world.ways.slice(from), ...world.ways.slice(0, from)]) {
    way.restore();
    await delay(random() * 600);
  }
}

/** Connections end while answers, those to COMMIT among them, are on their way. */
async function loseAnswers(hand: Hand): Promise<void> {
  for (const way of hand.world.databaseWays) way.delay(15);
  await again(hand, 120, async () => hand.world.databaseWays[anyone(hand)]?.disconnect());
  for (const way of hand.world.databaseWays) way.restore();
}
