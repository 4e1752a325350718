import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NetworkProxy, startProxy, startRedis, uniqueNamespace, waitUntil } from '../../support/services/index.js';
import { blogOn, forEachDriver } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';

/** What a user of Redis may no longer do, by the step that needs it. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  'looking up a result': ['-get', '-mget'],
  'storing a result': ['-set'],
  'appending to the log': ['-xadd'],
  'reading the log': ['-eval', '-evalsha'],
  'publishing records': ['-publish'],
  'subscribing to records': ['-subscribe'],
};

/** A Redis that does not answer fails no query and no write, and nothing is stale when it is back. The same in every generation. */
export function outage(generation: Generation): void {
  const { eq } = generation.orm;
  const { users } = generation.blog;

  forEachDriver(generation, describe, (driver) => {
    const { open, wrap, closing } = blogOn(generation, driver);
    let redis: Awaited<ReturnType<typeof startRedis>>;
    let proxy: NetworkProxy;
    beforeAll(async () => {
      redis = await startRedis();
      proxy = await startProxy(redis);
    });
    afterAll(async () => {
      await proxy?.close();
      await redis?.stop();
    });
    const nameOf = async (db: CachedBlog) => (await db.select().from(users).where(eq(users.id, 1)))[0]?.name;

    it.each<[what: string, begin: () => unknown]>([
      ['is cut off', () => proxy.cut()],
      ['does not respond', () => proxy.blackhole()],
    ])('queries and writes succeed while Redis %s', async (_what, begin) => {
      const namespace = uniqueNamespace();
      const cut = await open({ redis: { url: proxy.url(redis.url), deadline: '100ms' }, namespace });
      const other = wrap(cut, { redis: { url: redis.url, deadline: '5s' }, namespace });
      for (const { db } of [cut, other]) await nameOf(db.$cached());

      await begin();
      expect(await nameOf(cut.db.$cached())).toBe('Ann');
      await cut.db.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));
      expect(await nameOf(cut.db.$cached())).toBe('Anna');
      await cut.db.transaction((tx) => tx.update(users).set({ name: 'Annette' }).where(eq(users.id, 1)));
      expect(await nameOf(cut.db.$cached())).toBe('Annette');
      await proxy.restore();

      await waitUntil('the other cache has heard of it', async () => {
        expect(await nameOf(other.db.$cached())).toBe('Annette');
      });
      expect(cut.events.some(({ type }) => type === 'tier-failed')).toBe(true);
      expect(await nameOf(cut.db.$cached())).toBe('Annette');
    });

    // Which step fails is the same to every driver.
    if (driver === generation.drivers[0])
      it.each(Object.entries(STEPS))('queries and writes succeed while %s fails', async (_step, denied) => {
        const admin = new Redis(redis.url);
        closing.push(async () => admin.disconnect());
        const allow = (...rules: readonly string[]) =>
          admin.call('ACL', 'SETUSER', 'app', 'reset', 'on', 'nopass', '~*', '&*', '+@all', ...rules);
        await allow();
        const namespace = uniqueNamespace();
        const url = new URL(redis.url);
        url.username = 'app';
        url.password = 'any';
        const hurt = await open({ redis: { url: url.href, deadline: '1s' }, namespace });
        const whole = wrap(hurt, { redis: { url: redis.url, deadline: '5s' }, namespace });
        for (const { db } of [hurt, whole]) await nameOf(db.$cached());

        await allow(...denied);
        await admin.call('ACL', 'LOG', 'RESET');
        // What it is subscribed to already it may hear of still.
        await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
        expect(await hurt.db.$cached().$count(users)).toBe(2);
        expect(await nameOf(hurt.db.$cached())).toBe('Ann');
        await hurt.db.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));
        expect(await nameOf(hurt.db.$cached())).toBe('Anna');
        await hurt.db.transaction((tx) => tx.update(users).set({ name: 'Annette' }).where(eq(users.id, 1)));
        expect(await nameOf(hurt.db.$cached())).toBe('Annette');
        await whole.db.insert(users).values({ email: 'c', name: 'Cy' });
        await waitUntil('it is heard of all the same, or nothing is served', async () => {
          expect(await hurt.db.$cached().$count(users)).toBe(3);
        });
        await waitUntil('the step has failed', async () => {
          expect(await admin.call('ACL', 'LOG')).not.toEqual([]);
        });

        await allow();
        await waitUntil('both have heard of everything', async () => {
          expect(await nameOf(whole.db.$cached())).toBe('Annette');
          expect(await whole.db.$cached().$count(users)).toBe(3);
        });
        await whole.db.update(users).set({ name: 'Ada' }).where(eq(users.id, 1));
        await waitUntil('it hears again, and caches again', async () => {
          expect(await nameOf(hurt.db.$cached())).toBe('Ada');
          expect(await hurt.infoOf(() => nameOf(hurt.db.$cached()))).toMatchObject({ status: 'hit' });
        });
      });
  });
}

/** What `intents` does while Redis cannot be reached: every generation rejects queries in its own way. */
export function intents(generation: Generation): void {
  const { eq } = generation.orm;
  const { users } = generation.blog;

  describe(`intents on Drizzle ${generation.name}`, () => {
    const [driver] = generation.drivers;
    if (driver === undefined) throw new Error('There is no driver.');
    const { open } = blogOn(generation, driver);

    it('a write is announced before it is sent, and not sent if it cannot be announced', async () => {
      const redis = await startRedis();
      const proxy = await startProxy(redis);
      const options = {
        redis: { url: proxy.url(redis.url), deadline: '500ms' } as const,
        namespace: uniqueNamespace(),
        intents: true,
      };
      const { db, base, sent } = await open(options);
      const strong = () => db.$cached({ consistency: 'strong' }).select().from(users);
      await strong();

      await db.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));
      expect(await strong()).toEqual(await base.select().from(users));
      await proxy.cut();
      const write = () => db.update(users).set({ name: 'Lost' }).where(eq(users.id, 1));
      expect(await sent(() => write().then(undefined, () => undefined))).toBe(0);
      // Drizzle 1.0 wraps every error of a query.
      const refusal = await write().then(undefined, (error: unknown) => error);
      expect([refusal, Reflect.get(Object(refusal), 'cause')]).toContainEqual(
        expect.objectContaining({ code: 'ERR_WRITE_NOT_ANNOUNCED' }),
      );
      await expect(db.transaction((tx) => tx.delete(users))).rejects.toMatchObject({ code: 'ERR_WRITE_NOT_ANNOUNCED' });
      expect(await base.$count(users)).toBe(2);
      await proxy.close();
      await redis.stop();
    });
  });
}
