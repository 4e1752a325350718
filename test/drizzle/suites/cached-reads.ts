import { SeparateProcess } from '@cachetastic/core/testing';
import { describe, expect, it } from 'vitest';
import { blogOn, forEachDriver, sharedCache } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';
import { spoil } from '../support/spoil.js';

/** Which reads are cached, how they ask for it, and that every caller gets its own result. */
export function cachedReads(generation: Generation): void {
  const { eq, sql, gt } = generation.orm;
  const { users, posts, quietUsers } = generation.blog;
  const { dialect, raw, lacks } = generation;
  // MariaDB knows no `lateral`, which 1.0 needs for it.
  const full = lacks.includes('one row by its key, with relations') ? {} : { with: { posts: true } };
  const reads: Record<string, (db: CachedBlog) => PromiseLike<unknown>> = {
    'the select builder': (db) => db.select().from(users).where(gt(users.id, 0)).orderBy(users.id),
    'a join': (db) => db.select().from(posts).innerJoin(users, eq(posts.authorId, users.id)).orderBy(posts.id),
    'selected columns': (db) => db.select({ email: users.email, born: users.born }).from(users).orderBy(users.id),
    'a relational query of many': (db) => db.query.users.findMany(full),
    'a relational query of one': (db) => db.query.users.findFirst({ where: generation.equals('id', 1) }),
    'one that finds nothing': (db) => db.query.users.findFirst({ where: generation.equals('id', 99) }),
    $count: (db) => db.$count(users, gt(users.id, 1)),
    'raw SQL': (db) => raw(db, sql`select id, name, born from users order by id`),
    'a common table expression': (db) => {
      const old = db.$with('old').as(db.select({ id: users.id }).from(users));
      return db.with(old).select().from(old);
    },
    'a prepared statement': (db) =>
      db
        .select()
        .from(users)
        .where(eq(users.id, sql.placeholder('id')))
        .prepare('byId')
        .execute({ id: 1 }),
  };

  forEachDriver(generation, describe, (driver) => {
    const { open, wrap, execute } = blogOn(generation, driver);

    describe.each(Object.entries(reads))('%s', (_name, read) => {
      it('comes from the cache the second time, and has the same result ten times', async () => {
        const { db, base, sent, infoOf } = await open();
        const plain = await read(base as CachedBlog);

        const first = await read(db.$cached());
        expect(await sent(() => read(db.$cached()))).toBe(0);
        expect(await infoOf(() => read(db.$cached()))).toMatchObject({ status: 'hit' });

        expect(plainly(first)).toEqual(plainly(plain));
        for (let hit = 0; hit < 10; hit++) {
          const again = await read(db.$cached());
          expect(plainly(again)).toEqual(plainly(plain));
          spoil(again);
        }
      });

      it('is not cached without `$cached`', async () => {
        const { db, sent } = await open();
        await read(db);

        expect(await sent(() => read(db))).toBe(1);
      });

      it('is cached in the mode `all`, unless the read refuses the cache', async () => {
        const { db, sent, infoOf } = await open({ mode: 'all' });
        await read(db);

        expect(await sent(() => read(db))).toBe(0);
        expect(await infoOf(() => read(db.$cached(false)))).toMatchObject({ status: 'bypass', reason: 'opted-out' });
      });

      it('is loaded once for a hundred concurrent reads, each of which gets its own copy', async () => {
        const { db, sent } = await open();
        // Opens the cache, for which the database is asked who it is.
        await db.$cached().$count(posts);
        const answers: unknown[] = [];

        const loads = await sent(async () => {
          const all = await Promise.all(Array.from({ length: 100 }, () => read(db.$cached())));
          answers.push(...all);
        });

        expect(loads).toBe(1);
        const [first, ...others] = answers;
        const kept = structuredClone(plainly(first));
        spoil(first);
        for (const other of others) expect(plainly(other)).toEqual(kept);
      });
    });

    it('the argument `cache` of a relational query is applied', async () => {
      const { db, sent, infoOf } = await open();
      const read = () => db.query.users.findMany({ cache: { ttl: 60, tags: ['team'] } });
      await read();

      expect(await sent(read)).toBe(0);
      await db.$cache.invalidate({ tags: 'team' });
      expect(await infoOf(read)).toMatchObject({ status: 'miss' });
      expect(await infoOf(() => db.query.users.findFirst({ cache: false }))).toMatchObject({ reason: 'opted-out' });
    });

    it('a prepared statement has one entry for each set of placeholder values', async () => {
      const { db, sent } = await open();
      const byId = db
        .$cached()
        .select()
        .from(users)
        .where(eq(users.id, sql.placeholder('id')))
        .prepare('name');
      const [[ann], [bob]] = [await byId.execute({ id: 1 }), await byId.execute({ id: 2 })];

      expect([ann?.name, bob?.name]).toEqual(['Ann', 'Bob']);
      expect(await sent(() => byId.execute({ id: 2 }))).toBe(0);
    });

    it('a hundred concurrent executions of a prepared statement send one query', async () => {
      const { db, base, sent } = await open();
      const prepare = (on: CachedBlog) =>
        on
          .select()
          .from(users)
          .where(gt(users.id, sql.placeholder('id')))
          .prepare('p');
      const prepared = prepare(db.$cached());
      await db.$cached().$count(posts);
      const plain = await prepare(base as CachedBlog).execute({ id: 0 });

      const load = async () => {
        const answers = await Promise.all(Array.from({ length: 100 }, () => prepared.execute({ id: 0 })));
        for (const answer of answers) {
          expect(answer).toEqual(plain);
          spoil(answer);
        }
      };
      expect(await sent(load)).toBe(1);
      expect(await sent(load)).toBe(0);
    });

    if (dialect === 'postgresql')
      it.each(['$cached', 'all', '$withCache'])('a query that writes runs each time: %s', async (how) => {
        const { db, base, infoOf } = await open(how === 'all' ? { mode: 'all' } : {});
        const added = db.$with('added').as(db.insert(posts).values({ title: 'Again' }).returning({ id: posts.id }));
        const write = () => {
          const on = how === '$cached' ? db.$cached() : db;
          const query = on.with(added).select({ id: added.id }).from(added);
          return how === '$withCache' ? query.$withCache() : query;
        };

        const [one, other] = [await write(), await write()];

        expect(one).not.toEqual(other);
        expect(await infoOf(write)).toMatchObject({ status: 'bypass', reason: 'no-read' });
        expect(await base.$count(posts)).toBe(6);
      });

    if (dialect === 'mysql')
      it('an iterator returns the rows of the database, never of the cache', async () => {
        const { db } = await open({ mode: 'all' });
        const prepared = db.$cached().select({ name: users.name }).from(users).orderBy(users.id).prepare('names');
        const iterate = async () => {
          const names: string[] = [];
          const iterator = Reflect.apply(Reflect.get(prepared, 'iterator'), prepared, []) as AsyncIterable<{
            name: string;
          }>;
          for await (const { name } of iterator) names.push(name);
          return names;
        };
        await prepared.execute();
        expect(await iterate()).toEqual(['Ann', 'Bob']);
        await execute("UPDATE users SET name = 'Anna' WHERE id = 1");

        expect(await prepared.execute()).toEqual([{ name: 'Ann' }, { name: 'Bob' }]);
        expect(await iterate()).toEqual(['Anna', 'Bob']);
      });

    it('scopes share no results, and nothing is cached if the scope is `undefined`', async () => {
      let scope: string | undefined = 'a';
      const { db, infoOf } = await open({ scope: () => scope });
      const read = () => db.$cached().select().from(users);
      await read();

      scope = 'b';
      expect(await infoOf(read)).toMatchObject({ status: 'miss' });
      scope = undefined;
      expect(await infoOf(read)).toMatchObject({ status: 'bypass', reason: 'no-scope' });
    });

    it('defaults by table are applied, and reads of an excluded table are never cached', async () => {
      const { db, infoOf } = await open({ tables: { users: { tags: ['people'] }, posts: false } });

      expect(await infoOf(() => db.$cached().select().from(users))).toMatchObject({ footprint: { tags: ['people'] } });
      expect(await infoOf(() => db.$cached().select().from(posts))).toMatchObject({ reason: 'table-not-cached' });
      expect(
        await infoOf(() => db.$cached().select().from(users).leftJoin(posts, eq(posts.authorId, users.id))),
      ).toMatchObject({ reason: 'not-analysable: tables.posts is false' });
    });

    const ofTheServer = { postgresql: 'pg_class', mysql: 'information_schema.tables', sqlite: 'sqlite_master' }[
      dialect
    ];
    const uncached: [reason: string, read: (db: CachedBlog) => PromiseLike<unknown>][] = [
      ['volatile', (db) => db.select({ now: sql`current_timestamp` }).from(users)],
      ['not-analysable: the tables that view quiet_users reads are unknown', (db) => db.select().from(quietUsers)],
      [
        dialect === 'mysql'
          ? 'not-analysable: the system table information_schema.tables is never cached'
          : `not-analysable: unknown table ${ofTheServer}`,
        (db) => raw(db, sql.raw(`select 1 from ${ofTheServer} limit 1`)),
      ],
    ];
    if (dialect !== 'sqlite') uncached.push(['locking', (db) => db.select().from(users).for('update')]);
    if (dialect === 'postgresql')
      uncached.push([
        'volatile',
        (db) =>
          db
            .select()
            .from(users)
            .where(gt(users.born, sql`${'yesterday'}`)),
      ]);
    it.each(uncached)('is not cached: %s', async (reason, read) => {
      const { db, sent, infoOf } = await open();
      await read(db.$cached());

      expect(await infoOf(() => read(db.$cached()))).toMatchObject({ status: 'bypass', reason });
      expect(await sent(() => read(db.$cached()))).toBe(1);
    });

    it('a read that cannot be analysed is cached if its tables are declared', async () => {
      const { db, base, sent } = await open({ views: { quiet_users: ['users', 'posts'] } });
      const quiet = () => db.$cached().select().from(quietUsers);
      const told = () => raw(db.$cached({ tables: ['users'] }), sql.raw(`select count(*) from ${ofTheServer}, users`));
      await quiet();
      await told();

      expect(await sent(quiet)).toBe(0);
      expect(await sent(told)).toBe(0);
      await db.delete(posts).where(eq(posts.id, 3));
      expect(await quiet()).toEqual(await base.select().from(quietUsers));
      expect(await sent(told)).toBe(0);
      await db.insert(users).values({ email: 'c', name: 'C' });
      expect(await sent(told)).toBe(1);
    });

    if (dialect === 'postgresql')
      it('a read that calls own functions is cached if these are declared to change nothing', async () => {
        await execute(
          'CREATE OR REPLACE FUNCTION shout(text) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT upper($1) $$',
        );
        const read = (db: CachedBlog) =>
          db
            .$cached()
            .select({ name: sql`shout(${users.name})` })
            .from(users);
        const untold = await open();
        const { db, infoOf } = await open({ functions: ['SHOUT'] });
        await read(db);
        await untold.db.$cached().$count(posts);

        expect(await infoOf(() => read(db))).toMatchObject({ status: 'hit' });
        await read(untold.db);
        expect(await untold.infoOf(() => untold.db.$cached().$count(posts))).toMatchObject({ status: 'miss' });
      });

    it('two processes share results through Redis', async () => {
      const options = await sharedCache();
      const { db, base } = await open(options);
      await db.$cached().query.users.findMany(full);
      await db.$cache.idle();
      const there = new SeparateProcess();
      const other = there.run(() => wrap({ base, statements: [], close: async () => {} }, options));

      const { data, info } = await other.db.$cache.explain(() => other.db.$cached().query.users.findMany(full));

      expect(info).toMatchObject({ status: 'hit', source: 'redis' });
      expect(data).toEqual(await base.query.users.findMany(full));
    });

    it('a cached database is a Drizzle database', async () => {
      const { db, base } = await open();

      expect(db).toBeInstanceOf(base.constructor);
      expect(generation.orm.is(db, base.constructor as never)).toBe(true);
      expect(Reflect.get(db, '$client')).toBe(Reflect.get(base, '$client'));
    });

    it('after an explicit invalidation, a write outside of the library is read', async () => {
      const { db } = await open();
      const read = () => db.$cached().select().from(users).where(eq(users.id, 1));
      await read();
      await execute("UPDATE users SET name = 'Anna' WHERE id = 1");

      expect((await read())[0]?.name).toBe('Ann');
      await db.$cache.invalidate({ tables: users });
      expect((await read())[0]?.name).toBe('Anna');
      await execute("UPDATE users SET name = 'Annette' WHERE id = 1");
      await db.$cache.invalidate({ tables: ['users', posts], tags: [] });
      expect((await read())[0]?.name).toBe('Annette');
      await expect(db.$cache.invalidate({ tables: 'nobody' })).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' });
    });
  });
}

/** An answer as data: drivers answer raw SQL with objects of classes of theirs. */
function plainly(answer: unknown): unknown {
  if (Array.isArray(answer)) return (isPair(answer) ? answer[0] : answer).map(plainly);
  if (typeof answer === 'object' && answer !== null && 'rows' in answer) return plainly(answer.rows);
  return answer;
}

/** Whether `mysql2` gave it: rows and columns. */
function isPair(answer: readonly unknown[]): answer is readonly [unknown[], unknown[]] {
  return answer.length === 2 && Array.isArray(answer[0]) && Array.isArray(answer[1]);
}
