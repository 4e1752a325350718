import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { USUAL_LOAD } from '../settings.js';
import { again, anyone, type Fault, type Hand } from './fault.js';

const TRANSACTIONS = ['long', 'long', 'pair', 'abort', 'abort', 'batch', 'update'];

/** What happens to processes, and what they do that is hard. */
export const PROCESS_FAULTS: readonly Fault[] = [
  { id: 'F0', name: 'none', run: ({ lasts }) => delay(lasts) },
  { ...{ id: 'F9', name: 'a process stopped (SIGSTOP)' }, run: stopSome },
  { ...{ id: 'F10', name: 'a writer dies between commit and log' }, run: killWriter },
  {
    ...{ id: 'F14', name: 'long transactions, rollbacks' },
    load: { writers: 3, writePause: 200, writes: TRANSACTIONS },
    run: ({ lasts }) => delay(lasts),
  },
  {
    ...{ id: 'F15', name: 'serialization failures, retries' },
    load: { writers: 2, writePause: 100, writes: ['serializable'] },
    run: ({ lasts }) => delay(lasts),
  },
  { ...{ id: 'F21', name: 'log trimmed under one cut off' }, load: { writers: 3, writePause: 60 }, run: trim },
];

async function stopSome(hand: Hand): Promise<void> {
  await again(hand, 250, async () => {
    const application = hand.world.applications[anyone(hand)];
    application?.pause();
    // Short ones more often; the longest longer than anything is promised for.
    await delay(100 + hand.random() ** 3 * 4_900);
    application?.resume();
  });
}

/** The database has answered, and its writer dies before it hears that; another comes in its place. */
async function killWriter(hand: Hand): Promise<void> {
  const { world, random } = hand;
  await again(hand, 200, async () => {
    const index = anyone(hand);
    const application = world.applications[index];
    if (application === undefined) return;
    const dead = once(application.process, 'exit');
    await application.dieAfter(random() < 0.5 ? /^UPDATE/ : /^COMMIT/);
    await dead;
    await (await world.revive(index)).work(USUAL_LOAD);
  });
}

/** One hears nothing while the others write more than the log keeps. */
async function trim(hand: Hand): Promise<void> {
  const way = hand.world.ways[anyone(hand)];
  way?.blackhole();
  await delay(hand.lasts * 0.7);
  // Whatever is left of it is not enough.
  await hand.world.admin(async (redis) => {
    for (const key of await redis.keys('*:log')) await redis.xtrim(key, 'MAXLEN', 10);
  });
  await delay(hand.lasts * 0.3);
  way?.restore();
}
