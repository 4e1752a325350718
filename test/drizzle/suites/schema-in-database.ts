import type { CacheEvent } from '@cachetastic/core';
import { SeparateProcess } from '@cachetastic/core/testing';
import type { CachetasticOptions } from '@cachetastic/drizzle';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sharedCache } from '../support/blog.js';
import type { CachedBlog, DriverDatabase, Generation } from '../support/generation.js';

type Dialect = Generation['dialect'];

/** A write to a table, and a table that the database changes with it. */
interface Case {
  readonly name: string;
  /** The table that is written. */
  readonly written: string;
  /** The table that changes with it, and is read. */
  readonly changed: string;
  readonly write: string;
  /** What the event says that the schema in code lacks. */
  readonly lacks: string | undefined;
  /** What declares it. */
  readonly declared?: CachetasticOptions | undefined;
  /** Everything is invalidated: what the database does cannot be read. */
  readonly everything?: boolean;
  readonly on: readonly Dialect[];
}

const ALL: readonly Dialect[] = ['postgresql', 'mysql', 'sqlite'];

const CASES: readonly Case[] = [
  {
    name: 'a foreign key that deletes',
    written: 'owners',
    changed: 'pets',
    write: 'delete from owners where id = 1',
    lacks: 'the foreign key pets (owner_id) → owners, on delete cascade',
    on: ALL,
  },
  {
    name: 'a foreign key of a table that the writer does not know either',
    written: 'owners',
    changed: 'toys',
    write: 'delete from owners where id = 1',
    lacks: 'the foreign key pets (owner_id) → owners, on delete cascade',
    on: ALL,
  },
  {
    name: 'a foreign key that sets null',
    written: 'owners',
    changed: 'houses',
    write: 'delete from owners where id = 1',
    lacks: 'the foreign key houses (owner_id) → owners, on delete set null',
    on: ALL,
  },
  {
    name: 'a trigger for rows that a merge inserts',
    written: 'orders',
    changed: 'totals',
    write:
      'merge into orders using (values (7)) v (id) on orders.id = v.id when not matched then insert (id) values (v.id)',
    lacks: 'the trigger orders_counted of orders, which writes to totals',
    on: ['postgresql'],
  },
  {
    name: 'a trigger for rows that a replace inserts',
    written: 'orders',
    changed: 'totals',
    write: 'replace into orders (id) values (7)',
    lacks: 'the trigger orders_counted of orders, which writes to totals',
    on: ['mysql', 'sqlite'],
  },
  {
    name: 'a trigger that writes to another table',
    written: 'orders',
    changed: 'totals',
    write: 'insert into orders (id) values (7)',
    lacks: 'the trigger orders_counted of orders, which writes to totals',
    declared: { tables: { orders: { triggers: ['totals'] } } },
    on: ALL,
  },
  {
    name: 'a trigger that uses variables of its session',
    written: 'sales',
    changed: 'totals',
    write: 'insert into sales (id) values (7)',
    lacks: 'the trigger sales_counted of sales, which writes to totals',
    on: ['mysql'],
  },
  {
    name: 'a trigger of a table in another schema that a trigger writes to',
    written: 'calls',
    changed: 'totals',
    write: 'insert into calls (id) values (7)',
    lacks: 'the trigger calls_kept of calls, which writes to kept',
    on: ['postgresql'],
  },
  {
    name: 'a trigger that cannot be read',
    written: 'visits',
    changed: 'totals',
    write: 'insert into visits (id) values (7)',
    lacks: 'the trigger visits_counted of visits',
    declared: { tables: { visits: { triggers: ['totals'] } } },
    everything: true,
    on: ['postgresql'],
  },
  {
    name: 'a rule',
    written: 'notes',
    changed: 'totals',
    write: 'insert into notes (id) values (7)',
    lacks: 'the rule notes_counted of notes, which writes to totals',
    declared: { tables: { notes: { triggers: ['totals'] } } },
    on: ['postgresql'],
  },
  {
    name: 'a partition that is written by its own name',
    written: 'days_1',
    changed: 'days',
    write: 'insert into days_1 (id) values (7)',
    lacks: 'that its rows show in days as well, which it is a partition of or inherits from',
    on: ['postgresql'],
  },
  {
    name: 'a table that inherits from the one that is written',
    written: 'animals',
    changed: 'dogs',
    write: 'update animals set id = id + 1',
    lacks: undefined,
    on: ['postgresql'],
  },
];

const TABLES: Readonly<Record<Dialect, readonly string[]>> = {
  postgresql: [
    'create table owners (id integer primary key)',
    'create table pets (id integer primary key, owner_id integer references owners on delete cascade)',
    'create table toys (id integer primary key, pet_id integer references pets on delete cascade)',
    'create table houses (id integer primary key, owner_id integer references owners on delete set null)',
    'create table totals (id integer primary key, owner_id integer)',
    'create table orders (id integer primary key)',
    'create table visits (id integer primary key)',
    'create table notes (id integer primary key)',
    `create function count_one() returns trigger language plpgsql as
       $$ begin update totals set owner_id = owner_id + 1; return null; end $$`,
    `create function count_blindly() returns trigger language plpgsql as
       $$ begin execute 'update totals set owner_id = owner_id + 1'; return null; end $$`,
    'create trigger orders_counted after insert on orders for each row execute function count_one()',
    'create trigger visits_counted after insert on visits for each row execute function count_blindly()',
    'create table calls (id integer primary key)',
    'create schema archive',
    'create table archive.kept (id integer)',
    `create function keep() returns trigger language plpgsql as
       $$ begin insert into archive.kept values (new.id); return null; end $$`,
    'create trigger calls_kept after insert on calls for each row execute function keep()',
    'create trigger kept_counted after insert on archive.kept for each row execute function count_one()',
    'create rule notes_counted as on insert to notes do update totals set owner_id = owner_id + 1',
    'create table days (id integer primary key) partition by range (id)',
    'create table days_1 partition of days for values from (0) to (1000)',
    'create table animals (id integer)',
    'create table dogs () inherits (animals)',
    'create table things (id integer primary key, name text, slug text unique)',
    `create function slugify() returns trigger language plpgsql as
       $$ begin update things set slug = lower(name) where id = new.id and slug is distinct from lower(name); return null; end $$`,
    'create trigger slugify after insert or update on things for each row execute function slugify()',
    'create table stamps (id integer primary key, name text, slug text unique)',
    `create function stamp() returns trigger language plpgsql as
       $$ begin new.slug := lower(new.name); if tg_op = 'INSERT' then new.id := new.id + 100; end if; return new; end $$`,
    'create trigger stamp before insert or update on stamps for each row execute function stamp()',
  ],
  mysql: [
    'create table owners (id int primary key)',
    'create table pets (id int primary key, owner_id int, foreign key (owner_id) references owners (id) on delete cascade)',
    'create table toys (id int primary key, pet_id int, foreign key (pet_id) references pets (id) on delete cascade)',
    'create table houses (id int primary key, owner_id int, foreign key (owner_id) references owners (id) on delete set null)',
    'create table totals (id int primary key, owner_id int)',
    'create table orders (id int primary key)',
    `create trigger orders_counted after insert on orders for each row
       begin if new.id > 0 then update totals set owner_id = owner_id + 1; end if; end`,
    'create table sales (id int primary key)',
    `create trigger sales_counted after insert on sales for each row
       begin set @last_sale = new.id; if @quiet is null then update totals set owner_id = owner_id + 1; end if; end`,
  ],
  sqlite: [
    'create table owners (id integer primary key)',
    'create table pets (id integer primary key, owner_id integer references owners on delete cascade)',
    'create table toys (id integer primary key, pet_id integer references pets on delete cascade)',
    'create table houses (id integer primary key, owner_id integer references owners on delete set null)',
    'create table totals (id integer primary key, owner_id integer)',
    'create table orders (id integer primary key)',
    `create trigger orders_counted after insert on orders when new.id > 0
       begin update totals set owner_id = owner_id + 1; end`,
  ],
};

const ROWS: readonly string[] = [
  ...['toys', 'pets', 'houses', 'owners', 'orders', 'totals'].map((table) => `delete from ${table}`),
  'insert into owners values (1)',
  'insert into pets values (1, 1)',
  'insert into toys values (1, 1)',
  'insert into houses values (1, 1)',
  'insert into totals values (1, 0)',
];
const ROWS_OF_POSTGRESQL: readonly string[] = [
  ...ROWS,
  ...['visits', 'notes', 'calls', 'days', 'animals', 'things', 'stamps'].map((table) => `delete from ${table}`),
  'update totals set owner_id = 0',
  'insert into dogs values (1)',
];

/** What the schema in code lacks, and the database has. */
export function schemaInDatabase(generation: Generation): void {
  const { dialect, pg } = generation;
  const { sql, eq } = generation.orm;
  const core = pg as unknown as Record<string, unknown>;
  const call = (name: string, ...given: unknown[]) => Reflect.apply(core[name] as () => unknown, undefined, given);
  const kind = { postgresql: 'pg', mysql: 'mysql', sqlite: 'sqlite' }[dialect];
  const integer = (name: string) => call(dialect === 'mysql' ? 'int' : 'integer', name) as { primaryKey(): unknown };
  // The suites are typed by the blog: what is read here are other tables in the same way.
  const table = (name: string, columns: object): Generation['blog']['users'] =>
    call(`${kind}Table`, name, columns) as Generation['blog']['users'];
  const tables = Object.fromEntries(
    CASES.flatMap(({ written, changed }) => [written, changed]).map((name) => {
      const link = { pets: 'owner_id', houses: 'owner_id', totals: 'owner_id', toys: 'pet_id' }[name];
      const columns = { id: integer('id').primaryKey(), ...(link === undefined ? {} : { link: integer(link) }) };
      return [name, table(name, columns)];
    }),
  );

  describe(`Drizzle ${generation.name} on ${dialect}: a part of the database that the schema in code lacks`, () => {
    const [driver] = generation.drivers;
    const closing: (() => Promise<unknown>)[] = [];
    let database: DriverDatabase;

    beforeAll(async () => {
      await sharedCache();
      database = (await driver?.create()) ?? expect.unreachable();
      const blog = ['post_tags', 'comments', 'tags', 'posts', 'users'];
      for (const one of blog) if (dialect === 'mysql') await database.execute(`drop table if exists ${one}`);
      for (const statement of TABLES[dialect]) await database.execute(statement);
    });
    beforeEach(async () => {
      for (const statement of dialect === 'postgresql' ? ROWS_OF_POSTGRESQL : ROWS) await database.execute(statement);
    });
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close();
    });
    afterAll(() => database?.drop());

    /** A cache of a process of its own that knows `names`. */
    async function open(names: readonly string[], options: CachetasticOptions) {
      const connection = await database.connect();
      closing.push(connection.close);
      if (dialect === 'sqlite')
        await generation.raw(connection.base as CachedBlog, sql.raw('pragma foreign_keys = on'));
      const events: CacheEvent[] = [];
      const schema = Object.fromEntries(names.map((name) => [name, tables[name]]));
      const db = new SeparateProcess().run(() =>
        generation.withCachetastic(connection.base, {
          maxStaleness: '20ms',
          ...options,
          schema,
          onEvent: (event) => void events.push(event),
        }),
      );
      closing.push(() => db.$cache.close());
      const of = <Type extends CacheEvent['type']>(type: Type) =>
        events.filter((event): event is CacheEvent & { type: Type } => event.type === type);
      return { db, of };
    }

    const rowsOf = (db: CachedBlog, name: string) =>
      db
        .$cached()
        .select()
        .from(tables[name] ?? expect.unreachable());

    describe.each(CASES.filter(({ on }) => on.includes(dialect)))('$name', (given) => {
      const { written, changed, write, lacks, declared, everything = false } = given;

      it('invalidates in another process, and is reported once', async () => {
        const options = await sharedCache();
        const reader = await open([changed], options);
        const writer = await open([written], options);
        const before = await rowsOf(reader.db, changed);
        expect(before).toHaveLength(1 - Number(changed === 'days'));

        await generation.raw(writer.db, sql.raw(write));
        await generation.raw(writer.db, sql.raw(write.replace('7', '8')));

        await expect.poll(() => rowsOf(reader.db, changed)).not.toEqual(before);
        const incomplete = writer.of('schema-incomplete').filter((event) => event.lacks === lacks);
        expect(incomplete).toMatchObject(lacks === undefined ? [] : [{ table: written }]);
        // A write that reaches a table which the code lacks says so each time, and names the first one.
        const reasons = [...new Set(writer.of('widened').map(({ reason }) => reason))];
        const reached = given.name.startsWith('a foreign key');
        if (everything) expect(reasons).not.toEqual([]);
        else expect(reasons).toEqual(reached ? [expect.stringMatching(/^schema-incomplete: \w+$/)] : []);
      });

      if (declared === undefined) return;
      it('invalidates and is not reported if it is declared', async () => {
        const options = { ...(await sharedCache()), ...declared };
        const reader = await open([written, changed], options);
        const writer = await open([written, changed], options);
        const before = await rowsOf(reader.db, changed);

        await generation.raw(writer.db, sql.raw(write));

        await expect.poll(() => rowsOf(reader.db, changed)).not.toEqual(before);
        expect(writer.of('schema-incomplete')).toEqual([]);
        expect(writer.of('widened')).toEqual([]);
      });
    });

    if (dialect !== 'postgresql') return;
    it('a foreign key that a statement of the same client adds is taken into account by the next one', async () => {
      const { db, of } = await open(['owners'], await sharedCache());
      await generation.raw(db, sql.raw('insert into owners values (2)'));

      await generation.raw(db, sql.raw('create table friends (owner_id integer references owners on delete cascade)'));
      await generation.raw(db, sql.raw('delete from owners where id = 2'));

      expect(of('schema-incomplete').map((event) => event.lacks)).toContain(
        'the foreign key friends (owner_id) → owners, on delete cascade',
      );
      expect(of('invalidate').at(-1)?.models).toContain('friends');
      await generation.raw(db, sql.raw('drop table friends'));
    });

    describe('a trigger that changes the written row', () => {
      const named = (name: string) =>
        table(name, {
          id: integer('id').primaryKey(),
          name: call('text', 'name'),
          slug: (call('text', 'slug') as { unique(): unknown }).unique(),
        });

      it.each(['things', 'stamps'])('invalidates a read of the value that it stored: %s', async (name) => {
        const one = named(name);
        const columns = one as unknown as Record<'id' | 'slug', typeof one.name>;
        const connection = await database.connect();
        closing.push(connection.close);
        const events: CacheEvent[] = [];
        const db = generation.withCachetastic(connection.base, {
          ...(await sharedCache()),
          schema: { one },
          onEvent: (event) => void events.push(event),
        });
        closing.push(() => db.$cache.close());
        const found = async (slug: string) =>
          (await db.$cached().select().from(one).where(eq(columns.slug, slug))).length;
        const row = (given: object) => given as typeof one.$inferInsert;
        for (const slug of ['ann', 'bob', 'cid', 'dan']) expect(await found(slug)).toBe(0);

        await db
          .insert(one)
          .values(row({ id: 1, name: 'ANN', slug: 'tmp' }))
          .returning();
        expect(await found('ann')).toBe(1);
        const id = (await db.select().from(one))[0]?.id ?? expect.unreachable();

        await db
          .update(one)
          .set(row({ name: 'BOB' }))
          .where(eq(columns.id, id as never))
          .returning();
        expect([await found('ann'), await found('bob')]).toEqual([0, 1]);

        const upsert = db.insert(one).values(row({ id: name === 'things' ? id : 1, name: 'CID' }));
        await upsert.onConflictDoUpdate({ target: one.id, set: row({ name: 'CID' }) }).returning();
        expect([await found('bob'), await found('cid')]).toEqual([0, 1]);

        await db
          .update(one)
          .set(row({ name: 'DAN' }))
          .where(eq(columns.id, id as never));
        expect([await found('cid'), await found('dan')]).toEqual([0, 1]);
        expect(events.filter(({ type }) => type === 'schema-incomplete' || type === 'widened')).toEqual([]);
      });
    });
  });
}
