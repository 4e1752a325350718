import { describe, expect, it } from 'vitest';
import { blogOn, forEachDriver, sharedCache } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';
import { holdNextAnswer } from '../support/held-answers.js';

const CHANGING = {
  postgresql: [
    'set search_path to public, pg_catalog',
    "set time zone 'Asia/Tokyo'",
    "select set_config('app.tenant', '1', false)",
    'set role none; set role pg_read_all_data',
    'select 1 as one into temp taken',
    'reset all',
  ],
  mysql: ["set time_zone = '+03:00'", 'set @@session.sql_mode = default'],
  sqlite: ["attach ':memory:' as other", 'pragma case_sensitive_like = 1'],
};

const HARMLESS = {
  postgresql: [
    "set statement_timeout = '60s'",
    'set client_min_messages to warning',
    "set local time zone 'Asia/Tokyo'",
    'reset role',
  ],
  mysql: ['set lock_wait_timeout = 50', 'set @a = 1'],
  sqlite: ['pragma busy_timeout = 500', 'pragma table_info(users)'],
};

/** Statements that change what the same query means on one connection. */
export function sessionChanges(generation: Generation): void {
  const { dialect } = generation;
  const { sql, asc } = generation.orm;
  const { users } = generation.blog;
  const run = (db: CachedBlog, statement: string) => generation.raw(db, sql.raw(statement));
  const names = (db: CachedBlog) => db.$cached().select({ name: users.name }).from(users).orderBy(asc(users.id));
  const all = [{ name: 'Ann' }, { name: 'Bob' }];

  forEachDriver(generation, describe, (driver) => {
    const { open, wrap, execute, database } = blogOn(generation, driver);
    /** PGlite has one session for all who use it. */
    const alone = driver.name !== 'PGlite';
    const restore = async () => {
      if (!alone) for (const statement of ['reset role', 'discard all']) await execute(statement);
    };

    it('after a statement that changes its session, reads of a client go to the database unless a scope is given', async () => {
      const options = await sharedCache();
      for (const statement of CHANGING[dialect]) {
        const { db, events, infoOf } = await open(options);
        await names(db);
        expect((await infoOf(() => names(db))).status, statement).toBe('hit');
        for (let time = 0; time < 2; time += 1) {
          // What cannot be done twice has been done.
          await Promise.resolve(run(db, statement)).catch(() => undefined);
          expect(await infoOf(() => names(db)), statement).toMatchObject({
            status: 'bypass',
            reason: 'session-changed',
          });
        }
        expect(events.filter(({ type }) => type === 'session-changed')).toHaveLength(1);
        const scoped = () => db.$cached({ scope: statement }).select({ name: users.name }).from(users);
        await scoped();
        expect((await infoOf(scoped)).status, statement).toBe('hit');
        await restore();
      }
    });

    it('reads that name a temporary table go to the database unless a scope is given', async () => {
      const { db, events, infoOf } = await open(await sharedCache());
      // The text of the second read does not say what the table is.
      const other = () => generation.raw(db.$cached({ tables: ['users'] }), sql`select * from made`);
      const hidden = dialect === 'mysql' ? 'create temporary table' : 'create temp table';
      await names(db);

      await run(db, `${hidden} made as select 1 as one`);

      expect((await infoOf(() => names(db))).status).toBe('hit');
      for (let time = 0; time < 2; time += 1)
        expect(await infoOf(other)).toMatchObject({ status: 'bypass', reason: 'session-changed' });
      await run(db, `${hidden} users as select * from users`);
      expect(await infoOf(() => names(db))).toMatchObject({ status: 'bypass', reason: 'session-changed' });
      const scoped = () => db.$cached({ scope: 'one' }).select({ name: users.name }).from(users);
      await scoped();
      expect((await infoOf(scoped)).status).toBe('hit');
      expect(events.flatMap((event) => (event.type === 'session-changed' ? [event.statement] : []))).toEqual([
        'create temporary table made',
        'create temporary table users',
      ]);
      await run(db, 'drop table users');
      await run(db, 'drop table made');
      await restore();
    });

    it('statements that change no result leave the cache on', async () => {
      const { db, events, infoOf } = await open(await sharedCache());
      await names(db);
      for (const statement of HARMLESS[dialect]) {
        await run(db, statement);
        await names(db);
        expect((await infoOf(() => names(db))).status, statement).toBe('hit');
      }
      expect(events.filter(({ type }) => type === 'session-changed')).toEqual([]);
    });

    it('after a session changed, all clients of the same connections bypass the cache', async () => {
      const one = await open(await sharedCache());
      const other = wrap(one, await sharedCache());
      await names(other.db);
      await run(one.db, CHANGING[dialect][0] as string);
      expect(await other.infoOf(() => names(other.db))).toMatchObject({ status: 'bypass', reason: 'session-changed' });
      await restore();
    });

    it('a load that was running when the session changed is not kept', async () => {
      const { db, events } = await open(await sharedCache());
      await db.$cached().$count(users);
      const slow = holdNextAnswer(db);
      const load = Promise.resolve(names(db));
      await slow.given;
      await run(db, CHANGING[dialect][0] as string);
      slow.release();
      expect(await load).toEqual(all);
      await db.$cache.idle();
      expect(events).toContainEqual(expect.objectContaining({ type: 'not-filled', reason: 'session-changed' }));
      await restore();
    });

    if (dialect !== 'postgresql') return;

    it('a transaction that sets a role and settings for itself leaves the cache on', async () => {
      const { db, events, infoOf } = await open(await sharedCache());
      await names(db);
      await db.transaction(async (tx) => {
        await tx.execute(sql`create temp table made (id integer) on commit drop`);
        await tx.execute(sql`select set_config('app.tenant', ${'1'}, ${true})`);
        await tx.execute(sql`select set_config('app.user', ${'1'}, true)`);
        await tx.execute(sql`set local role pg_read_all_data`);
        await tx.execute(sql`reset role`);
      });
      await names(db);
      expect((await infoOf(() => names(db))).status).toBe('hit');
      expect(events.filter(({ type }) => type === 'session-changed')).toEqual([]);
    });

    it('a role that a transaction sets without `local` stays set after it', async () => {
      const { db, infoOf } = await open(await sharedCache());
      await names(db);
      await db.transaction(async (tx) => void (await tx.execute(sql`set role pg_read_all_data`)));
      expect(await infoOf(() => names(db))).toMatchObject({ status: 'bypass', reason: 'session-changed' });
      await run(db, 'reset role');
    });

    if (!alone) return;

    it('a table that a temporary table of one session hides is not read from the cache by any other', async () => {
      const options = await sharedCache();
      const [one, other] = [await open(options), await open(options)];
      await other.db.$cached().$count(users);
      await run(one.db, 'create temp table users as select * from public.users where id = 2');
      expect(await names(one.db)).toEqual([{ name: 'Bob' }]);
      await one.db.$cache.idle();
      expect(await names(other.db)).toEqual(all);
    });

    it('with row-level policies, reads of a role need a scope, and reads of the owner stay cached', async () => {
      const plain = await open();
      const role = `policies_${generation.name.replace('.', '_')}_${driver.name.replace(/\W/g, '_')}`;
      await execute(`
        do $$ begin create role ${role} login password 'app'; exception when duplicate_object then null; end $$;
        grant select on all tables in schema public to ${role};
        grant execute on function pg_control_system() to ${role};
        alter table users enable row level security;
        create policy mine on users using (name = current_setting('app.name', true));`);
      try {
        const owner = wrap(plain, await sharedCache());
        await names(owner.db);
        expect((await owner.infoOf(() => names(owner.db))).status).toBe('hit');

        const url = new URL(await database().address());
        [url.username, url.password] = [role, 'app'];
        const connection = await driver.connect(url.href);
        try {
          const bound = wrap({ ...connection, close: async () => {} }, await sharedCache());
          await names(bound.db);
          expect(await bound.infoOf(() => names(bound.db))).toMatchObject({ status: 'bypass', reason: 'row-security' });
          expect(bound.events).toContainEqual({ type: 'row-security', tables: ['users'] });
          const posts = () => bound.db.$cached().select().from(generation.blog.posts);
          await posts();
          expect((await bound.infoOf(posts)).status).toBe('hit');
          const scoped = () => bound.db.$cached({ scope: 'none' }).select({ name: users.name }).from(users);
          await scoped();
          expect((await bound.infoOf(scoped)).status).toBe('hit');
          await bound.db.$cache.close();
        } finally {
          await connection.close();
        }
      } finally {
        await execute(
          `drop policy mine on users; alter table users disable row level security; drop owned by ${role}; drop role ${role}`,
        );
      }
    });
  });
}
