import { describe, expect, it } from 'vitest';
import { blogOn } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';

/** How much a write leaves in the cache: what it certainly did not touch. */
export function precision(generation: Generation): void {
  const { eq, and, or, sql } = generation.orm;
  const { users, posts, postTags, tags } = generation.blog;
  const [driver] = generation.drivers;
  if (driver === undefined) throw new Error('There is no driver.');

  describe(`the entries that a write invalidates on Drizzle ${generation.name}`, () => {
    const { open } = blogOn(generation, driver);
    const ann = (db: CachedBlog) => db.select().from(users).where(eq(users.id, 1));
    const annByEmail = (db: CachedBlog) => db.select().from(users).where(eq(users.email, 'ann@example.com'));
    const annInFull = (db: CachedBlog) =>
      db.query.users.findFirst({ where: generation.equals('id', 1), with: { posts: true } });
    const everybody = (db: CachedBlog) => db.select().from(users);

    it.each<
      [what: string, write: (db: CachedBlog) => PromiseLike<unknown>, read: (db: CachedBlog) => PromiseLike<unknown>]
    >([
      ['an update of another row', (db) => db.update(users).set({ name: 'B' }).where(eq(users.id, 2)), ann],
      [
        'an update with more conditions',
        (db) =>
          db
            .update(users)
            .set({ name: 'B' })
            .where(and(eq(users.id, 2), eq(users.score, 1))),
        ann,
      ],
      ['an update in raw SQL', (db) => db.execute(sql`update users set name = 'B' where id = ${2}`), ann],
      [
        'an update that returns its row',
        (db) => db.update(users).set({ name: 'B' }).where(eq(users.score, 1)).returning(),
        ann,
      ],
      [
        'an update by a unique column that returns its row',
        (db) => db.update(users).set({ name: 'B' }).where(eq(users.id, 2)).returning(),
        ann,
      ],
      ['a deletion of another row', (db) => db.delete(users).where(eq(users.id, 2)), ann],
      ['an insertion of another row', (db) => db.insert(users).values({ id: 9, email: 'c', name: 'C' }), ann],
      [
        'an insertion that returns its row and email',
        (db) => db.insert(users).values({ email: 'c', name: 'C' }).returning(),
        annByEmail,
      ],
      ['a write to another table', (db) => db.insert(tags).values({ label: 'x' }), everybody],
      [
        'an update that changes no referenced key',
        (db) => db.update(users).set({ name: 'B' }).where(eq(users.id, 2)),
        (db) => db.select().from(posts),
      ],
      [
        'a link between other rows',
        (db) => db.insert(postTags).values({ postId: 3, tagId: 1 }),
        (db) =>
          db
            .select()
            .from(postTags)
            .where(and(eq(postTags.postId, 1), eq(postTags.tagId, 1))),
      ],
    ])('%s leaves a read of other rows in the cache', async (_what, write, read) => {
      const { db, infoOf } = await open();
      await read(db.$cached());

      await write(db);

      expect(await infoOf(() => read(db.$cached()))).toMatchObject({ status: 'hit' });
    });

    it.each<
      [what: string, write: (db: CachedBlog) => PromiseLike<unknown>, read: (db: CachedBlog) => PromiseLike<unknown>]
    >([
      ['its own row', (db) => db.update(users).set({ name: 'B' }).where(eq(users.id, 1)), ann],
      [
        'possibly its row',
        (db) =>
          db
            .update(users)
            .set({ name: 'B' })
            .where(or(eq(users.id, 2), eq(users.score, 3))),
        ann,
      ],
      ['a row that takes its key', (db) => db.update(users).set({ id: 1 }).where(eq(users.id, 3)), ann],
      [
        'a row that takes its email',
        (db) => db.update(users).set({ email: 'x@example.com' }).where(eq(users.id, 2)),
        annByEmail,
      ],
      ['a list that the row is in', (db) => db.update(users).set({ name: 'B' }).where(eq(users.id, 2)), everybody],
      ['rows that reference the row', (db) => db.insert(posts).values({ title: 'x', authorId: 2 }), annInFull],
      ['the row through an alias', (db) => db.execute(sql`update users u set name = 'B' where u.id = 1`), ann],
      [
        'the row in quotes',
        (db) => db.execute(sql.raw(`update "users" set "name" = 'B' where "users"."id" = '1'`)),
        ann,
      ],
    ])('a write to %s invalidates the read', async (_what, write, read) => {
      const { db, infoOf } = await open();
      await read(db.$cached());

      await write(db);

      expect(await infoOf(() => read(db.$cached()))).toMatchObject({ status: 'miss' });
    });

    it('without a schema a deletion invalidates everything, and an update only its table', async () => {
      const connection = await open();
      const bare = generation.withCachetastic(Object.assign(Object.create(connection.base), { _: {} }), {
        schema: undefined,
      });
      const counted = () => bare.$cached().$count(tags);
      await counted();
      const { info: before } = await bare.$cache.explain(counted);
      await bare.update(users).set({ name: 'B' }).where(eq(users.id, 2));
      const { info: updated } = await bare.$cache.explain(counted);
      await bare.delete(users).where(eq(users.id, 2));
      const { info: deleted } = await bare.$cache.explain(counted);
      await bare.$cache.close();

      expect([before.status, updated.status, deleted.status]).toEqual(['hit', 'hit', 'miss']);
    });

    it('declared triggers invalidate the tables that they change', async () => {
      const { db, infoOf } = await open({ tables: { tags: { triggers: ['users'] } } });
      await everybody(db.$cached());

      await db.insert(tags).values({ label: 'x' });

      expect(await infoOf(() => everybody(db.$cached()))).toMatchObject({ status: 'miss' });
    });

    it('a materialized view is invalidated when it is refreshed, and not before', async () => {
      const { db, base, infoOf } = await open();
      const { userNames } = generation.blog;
      const names = (of: CachedBlog) => of.select().from(userNames).orderBy(userNames.id);
      await names(db.$cached());

      await db.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));
      expect(await infoOf(() => names(db.$cached()))).toMatchObject({ status: 'hit' });
      await db.refreshMaterializedView(userNames);
      expect(await names(db.$cached())).toEqual(await names(base as CachedBlog));
    });

    it('tags of a write are invalidated with it', async () => {
      const { db, infoOf } = await open();
      const tagged = () =>
        db
          .$cached({ tags: ['team'] })
          .select()
          .from(tags);
      await tagged();

      await db
        .$cached({ tags: ['team'] })
        .update(users)
        .set({ name: 'B' })
        .where(eq(users.id, 2));

      expect(await infoOf(tagged)).toMatchObject({ status: 'miss' });
    });
  });
}
