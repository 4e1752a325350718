import assert from 'node:assert/strict';
import type { Entry } from '../entry/entry.js';
import { TierUnavailableError } from '../errors.js';
import type { Tier } from '../tier/tier.js';
import type { TestRunner } from './test-runner.js';

/** Long enough for no entry to leave by itself, in milliseconds. */
const LONG = 60_000;

/** What every {@link Tier} promises. `start` makes a fresh, empty tier for each test and is called inside it. */
export function tierContract({ describe, it }: TestRunner, name: string, start: () => Promise<Tier>): void {
  const withTier = (body: (tier: Tier) => Promise<void>) => async (): Promise<void> => {
    const tier = await start();
    try {
      await body(tier);
    } finally {
      await tier.close();
    }
  };

  describe(`the contract of a tier: ${name}`, () => {
    it(
      'has nothing under a key that was never set',
      withTier(async (tier) => {
        assert.equal(await tier.get('absent'), undefined);
      }),
    );

    it(
      'returns the newest value that was set',
      withTier(async (tier) => {
        const newest = entryOf({ id: 2, at: new Date(5), none: null, list: [] });
        await tier.set('key', entryOf('first'), LONG);
        await tier.set('key', newest, LONG);

        assert.deepEqual(await tier.get('key'), newest);
      }),
    );

    it(
      'distinguishes an entry whose value is null from a miss',
      withTier(async (tier) => {
        await tier.set('key', entryOf(null), LONG);

        assert.deepEqual(await tier.get('key'), entryOf(null));
      }),
    );

    it(
      'serves many look-ups at once, each with its own entry or none',
      withTier(async (tier) => {
        const keys = Array.from({ length: 450 }, (_, index) => `key:${index}`);
        await Promise.all(keys.filter((_, index) => index % 3 > 0).map((key) => tier.set(key, entryOf(key), LONG)));

        const found = await Promise.all([...keys, ...keys].map((key) => tier.get(key)));

        const expected = keys.map((key, index) => (index % 3 > 0 ? key : undefined));
        assert.deepEqual(
          found.map((entry) => entry?.value),
          [...expected, ...expected],
        );
      }),
    );

    it(
      'takes any string as a key, and never confuses two',
      withTier(async (tier) => {
        const keys = [
          '',
          ' ',
          '*',
          'a:b',
          'a',
          '{a}',
          'a\r\nGET b',
          '__proto__',
          '\u0000',
          '\ud83d\ude00',
          'k'.repeat(10_000),
        ];
        await Promise.all(keys.map((key, index) => tier.set(key, entryOf(index), LONG)));

        const found = await Promise.all(keys.map((key) => tier.get(key)));

        assert.deepEqual(
          found.map((entry) => entry?.value),
          keys.map((_, index) => index),
        );
      }),
    );

    it(
      'forgets what is deleted and nothing else',
      withTier(async (tier) => {
        await Promise.all(['a', 'b', 'c'].map((key) => tier.set(key, entryOf(key), LONG)));

        await tier.delete(['a', 'b', 'absent']);
        await tier.delete([]);

        const found = await Promise.all(['a', 'b', 'c'].map((key) => tier.get(key)));
        assert.deepEqual(
          found.map((entry) => entry?.value),
          [undefined, undefined, 'c'],
        );
      }),
    );

    it(
      'forgets an entry when its time is up',
      withTier(async (tier) => {
        await tier.set('short', entryOf('short'), 0.5);
        await tier.set('long', entryOf('long'), LONG);

        const end = Date.now() + 10_000;
        while ((await tier.get('short')) !== undefined) {
          assert.ok(Date.now() < end, 'still there');
          await new Promise((resolve) => setTimeout(resolve, 5));
        }

        assert.equal((await tier.get('long'))?.value, 'long');
      }),
    );

    it(
      'keeps the stored entry when the caller changes their copy',
      withTier(async (tier) => {
        const value = { name: 'before' };
        await tier.set('key', entryOf(value), LONG);

        value.name = 'after';

        assert.deepEqual((await tier.get('key'))?.value, { name: 'before' });
      }),
    );

    it(
      'is unavailable once closed, and can be closed twice',
      withTier(async (tier) => {
        await tier.close();
        await tier.close();

        await assert.rejects(tier.get('key'), TierUnavailableError);
        await assert.rejects(tier.set('key', entryOf(1), LONG), TierUnavailableError);
        await assert.rejects(tier.delete(['key']), TierUnavailableError);
      }),
    );
  });
}

function entryOf(value: unknown): Entry {
  return {
    value,
    footprint: {
      dependencies: [{ model: 'public.User', where: { id: '1' }, keys: [{ id: '1' }] }, { model: 'public.Post' }],
      tags: ['team'],
    },
    stamp: { epoch: 'epoch', seq: 7 },
    createdAt: 1_000.25,
    staleAt: 2_000,
    refreshUntil: 3_000,
    expiresAt: 4_000,
  };
}
