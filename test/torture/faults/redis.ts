import { setTimeout as delay } from 'node:timers/promises';
import { again, type Fault, type Hand, meanwhile } from './fault.js';

/** What happens to Redis itself. */
export const REDIS_FAULTS: readonly Fault[] = [
  {
    ...{ id: 'F1', name: 'Redis killed, away, back empty', lost: true },
    run: (hand) =>
      meanwhile(
        hand,
        () => hand.world.redis.kill(),
        () => hand.world.redis.restart({ empty: true }),
      ),
  },
  {
    ...{ id: 'F2', name: 'Redis restarts empty, at once' },
    run: (hand) => again(hand, 800, () => hand.world.redis.restart({ empty: true })),
  },
  {
    ...{ id: 'F3', name: 'Redis restarts with its data' },
    run: (hand) => again(hand, 800, () => hand.world.redis.restart()),
  },
  {
    ...{ id: 'F9r', name: 'Redis stopped (SIGSTOP)' },
    run: (hand) =>
      again(hand, 300, async () => {
        await hand.world.redis.pause();
        await delay(hand.random() * hand.lasts * 0.6);
        await hand.world.redis.resume();
      }),
  },
  {
    ...{ id: 'F18', name: 'each of our keys deleted (DEL)' },
    run: (hand) =>
      again(hand, 250, () =>
        hand.world.admin(async (redis) => {
          const keys = (await redis.keys('*')).filter((key) => /\}:(v|log|due|open)$/.test(key));
          const key = keys[Math.floor(hand.random() * keys.length)];
          if (key !== undefined) await redis.del(key);
        }),
      ),
  },
  { ...{ id: 'F18e', name: 'eviction (allkeys-random)' }, run: evict },
  {
    ...{ id: 'F19', name: 'FLUSHALL' },
    run: (hand) => again(hand, 500, () => hand.world.admin((redis) => redis.flushall())),
  },
];

async function evict(hand: Hand): Promise<void> {
  const { world } = hand;
  await world.admin(async (redis) => {
    const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
    await redis.config('SET', 'maxmemory-policy', 'allkeys-random');
    await redis.config('SET', 'maxmemory', String(used + 30_000));
    let filler = 0;
    await again(hand, 30, () => redis.set(`filler-${++filler}`, 'x'.repeat(2_000)).catch(() => undefined));
    await redis.config('SET', 'maxmemory', '0');
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    await redis.del(...Array.from({ length: filler }, (_, index) => `filler-${index + 1}`));
  });
}
