import { describe, expect, it } from 'vitest';
import { blogOn, forEachDriver, sharedCache } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';

/** Which reads share a result, and which do not. */
export function keys(generation: Generation): void {
  const { eq, sql } = generation.orm;
  const { users, posts } = generation.blog;
  const { dialect } = generation;
  const text = dialect === 'mysql' ? 'char' : 'text';
  forEachDriver(generation, describe, (driver) => {
    const { open, wrap, execute, database, closing } = blogOn(generation, driver);

    it('parameters of different kinds never share a result', async () => {
      const { db, base, infoOf } = await open();
      const ask = (on: CachedBlog, value: unknown) =>
        on
          .select({ text: sql<string>`cast(${value} as ${sql.raw(text)})` })
          .from(users)
          .where(eq(users.id, 1));
      const born = new Date('2020-01-02T03:04:05.678Z');
      const values = [
        null,
        'null',
        '',
        'undefined',
        'NaN',
        '1',
        15n,
        '15',
        born.toISOString(),
        '{}',
        '[]',
        true,
        'true',
      ];
      // What a driver takes differs: whatever it refuses without a cache it refuses with one.
      const all = [...values, undefined, Number.NaN, 0, -0, 1, 1.5, born, Buffer.from('1'), new Uint8Array([49])];
      const settled = async (on: CachedBlog, value: unknown): Promise<unknown> =>
        Promise.resolve()
          .then(() => ask(on, value))
          .then(
            (rows) => ['answers', rows],
            () => ['rejects'],
          );

      for (let time = 0; time < 3; time++) {
        for (const value of all) {
          expect([value, await settled(db.$cached(), value)]).toEqual([
            value,
            await settled(base as CachedBlog, value),
          ]);
        }
      }
      const statuses = await Promise.all(
        [null, '', '15', '{}'].map(async (value) => (await infoOf(() => ask(db.$cached(), value))).status),
      );
      expect(statuses).toEqual(['hit', 'hit', 'hit', 'hit']);
    });

    it('lists of parameters never share a result, wherever one value ends and the next begins', async () => {
      const { db, base } = await open();
      const ask = (on: CachedBlog, values: readonly unknown[]) =>
        on
          .select({ id: users.id })
          .from(users)
          .where(
            sql`${sql.join(
              values.map((value) => sql`${value} = ''`),
              sql` or `,
            )} or false`,
          );
      const lists = [['', 'a'], ['a', ''], ['a,'], [','], ['","'], ['a', 'b'], ['ab'], ['']];

      for (let time = 0; time < 2; time++) {
        for (const list of lists) expect(await ask(db.$cached(), list)).toEqual(await ask(base as CachedBlog, list));
      }
    });

    it('two databases share no results, and do not invalidate each other', async () => {
      const options = await sharedCache();
      // First: a PGlite that begins keeps this process busy for seconds, in which it hears nothing.
      const other = await driver.create();
      closing.push(() => other.drop());
      await (other.fill?.() ?? other.execute("INSERT INTO users (email, name) VALUES ('z', 'Zoe')"));
      await other.execute("UPDATE users SET name = 'Zoe'");
      const connection = await other.connect();
      closing.push(connection.close);
      const here = await open(options);
      const there = wrap(connection, options);
      const names = async (db: CachedBlog) => (await db.select().from(users).orderBy(users.id))[0]?.name;

      for (let time = 0; time < 2; time++) {
        expect(await names(here.db.$cached())).toBe('Ann');
        expect(await names(there.db.$cached())).toBe('Zoe');
      }
      await there.db.update(users).set({ name: 'Zara' });

      expect(await here.infoOf(() => names(here.db.$cached()))).toMatchObject({ status: 'hit' });
      expect(await names(there.db.$cached())).toBe('Zara');
      expect(await names(here.db.$cached())).toBe('Ann');
    });

    // A connection of PGlite is a process of its own, and the others are set up by their address.
    if (driver.name === 'node-postgres')
      it('sessions with different search paths or time zones share no results', async () => {
        await execute(`
          CREATE SCHEMA IF NOT EXISTS tenant;
          CREATE TABLE IF NOT EXISTS tenant.users (LIKE public.users INCLUDING ALL);
          TRUNCATE tenant.users;
          INSERT INTO tenant.users (id, email, name, born) VALUES (1, 't', 'Tina', now());
        `);
        const options = await sharedCache();
        const settings = [undefined, '-c search_path=tenant', '-c TimeZone=Asia/Tokyo'];
        const opened = [];
        for (const setting of settings) {
          const connection = await database().connect({}, setting);
          closing.push(connection.close);
          opened.push(wrap(connection, options));
        }
        const read = ({ db }: { db: CachedBlog }) =>
          db
            .$cached()
            .select({ name: users.name, born: sql<string>`${users.born}::text` })
            .from(users)
            .where(eq(users.id, 1));
        const answers = [];
        for (const one of opened) answers.push((await read(one))[0]);

        expect(answers.map((answer) => answer?.name)).toEqual(['Ann', 'Tina', 'Ann']);
        expect(answers[2]?.born).not.toBe(answers[0]?.born);
        for (const [at, one] of opened.entries()) {
          expect(await one.infoOf(() => read(one))).toMatchObject({ status: 'hit' });
          expect(await read(one)).toEqual([answers[at]]);
        }
        await opened[1]?.db.update(users).set({ name: 'Tom' });
        await opened[0]?.db.update(users).set({ name: 'Anna' }).where(eq(users.id, 1));
        expect(await read(opened[1] as never)).toMatchObject([{ name: 'Tom' }]);
        expect(await read(opened[0] as never)).toMatchObject([{ name: 'Anna' }]);
      });

    if (dialect === 'postgresql')
      it('tables of the same name in two schemas share no results, and are invalidated by table, by name or by a write', async () => {
        await execute(`
          CREATE SCHEMA IF NOT EXISTS app;
          CREATE TABLE IF NOT EXISTS app.users (id integer PRIMARY KEY, name text);
          TRUNCATE app.users;
          INSERT INTO app.users VALUES (1, 'Apple');
        `);
        const { pg } = generation;
        const apart = pg.pgSchema('app').table('users', { id: pg.integer('id').primaryKey(), name: pg.text('name') });
        const { db, infoOf } = await open({ schema: { ...generation.blog, apart } });
        const read = () => db.$cached().select({ name: apart.name }).from(apart);
        const both = async () => [
          await read(),
          await db.$cached().select({ name: users.name }).from(users).where(eq(users.id, 1)),
        ];

        expect(await both()).toEqual([[{ name: 'Apple' }], [{ name: 'Ann' }]]);
        expect(await both()).toEqual([[{ name: 'Apple' }], [{ name: 'Ann' }]]);
        for (const tables of [apart, 'app.users', 'users']) {
          expect(await infoOf(read)).toMatchObject({ status: 'hit' });
          await db.$cache.invalidate({ tables });
          expect(await infoOf(read)).toMatchObject({ status: 'miss' });
        }
        await db.update(apart).set({ name: 'Avocado' }).where(eq(apart.id, 1));
        expect(await both()).toEqual([[{ name: 'Avocado' }], [{ name: 'Ann' }]]);
      });

    it('a read with a parameter that has no key is not cached', async () => {
      const { db, infoOf } = await open();
      class Odd {
        toString() {
          return '1';
        }
        toPostgres() {
          return '1';
        }
      }
      const read = () =>
        Promise.resolve()
          .then(() => db.$cached().select().from(posts).where(sql`${posts.id} = ${new Odd()}`))
          .catch(() => 'refused');

      await read();
      expect((await infoOf(read)).status).not.toBe('hit');
    });
  });
}

/** The same SQL in several forms, which every generation and every driver returns in its own way. */
export function resultForms(generation: Generation): void {
  const { sql, asc } = generation.orm;
  const { users } = generation.blog;
  const { dialect, raw } = generation;
  /** The rows of raw SQL. */
  const rowsOf = (answer: unknown): unknown => {
    if (!Array.isArray(answer)) return Reflect.get(Object(answer), 'rows');
    return dialect === 'mysql' ? answer[0] : [...answer];
  };

  forEachDriver(generation, describe, (driver) => {
    const { open } = blogOn(generation, driver);

    it('a select and raw SQL with the same SQL share no result', async () => {
      const { db, base } = await open();
      const built = (on: CachedBlog) => on.select().from(users).orderBy(asc(users.id));
      const { sql: statement } = built(db).toSQL();
      const asRaw = (on: CachedBlog) => raw(on, sql.raw(statement));

      for (let time = 0; time < 3; time++) {
        expect(rowsOf(await asRaw(db.$cached()))).toEqual(rowsOf(await asRaw(base as CachedBlog)));
        expect(await built(db.$cached())).toEqual(await built(base as CachedBlog));
      }
    });

    it('each method of a prepared statement returns its own form from the cache', async () => {
      const { db, base, sent } = await open();
      const prepare = (on: CachedBlog) =>
        [
          on.select({ id: users.id, name: users.name }).from(users).orderBy(asc(users.id)).prepare('mapped'),
          Reflect.apply(Reflect.get(on, dialect === 'sqlite' ? 'all' : 'execute'), on, [
            sql`select id, name from users order by id`,
          ]),
        ] as const;
      const [prepared] = prepare(db.$cached());
      const [plain] = prepare(base as CachedBlog);
      const methods = ['execute', 'all', 'get', 'values'].filter((method) => method in plain);
      const run = async (statement: object, method: string) => {
        const answer = await (Reflect.get(statement, method) as () => Promise<unknown>).call(statement);
        // By place, libSQL's own rows are a list that also has names.
        return method === 'values' ? (answer as ArrayLike<unknown>[]).map((row) => Array.from(row)) : answer;
      };
      const first = async (order: readonly string[]) => {
        for (const method of order)
          expect([method, await run(prepared, method)]).toEqual([method, await run(plain, method)]);
      };

      await first(methods);
      await first(methods.toReversed());
      // 0.45 does not hand all of them to a cache.
      expect(await sent(() => run(prepared, 'execute'))).toBe(0);
    });
  });
}
