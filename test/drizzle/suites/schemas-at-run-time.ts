import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { blogOn, forEachDriver, sharedCache } from '../support/blog.js';
import type { CachedBlog, Generation } from '../support/generation.js';

const SCHEMA = Symbol.for('drizzle:Schema');

/** Tables whose schema is assigned at run time, or comes from the asynchronous context. */
export function schemasAtRunTime(generation: Generation): void {
  if (generation.dialect !== 'postgresql') return;
  const { eq } = generation.orm;
  const { pgTable, integer, text } = generation.pg;
  const tablesOf = () => {
    const parents = pgTable('parents', { id: integer('id').primaryKey(), name: text('name') });
    const children = pgTable('children', {
      id: integer('id').primaryKey(),
      parentId: integer('parent_id').references(() => parents.id, { onDelete: 'cascade' }),
    });
    return { parents, children };
  };
  const rows = ['t1', 't2'].map(
    (schema) => `
      drop schema if exists ${schema} cascade;
      create schema ${schema};
      create table ${schema}.parents (id integer primary key, name text);
      create table ${schema}.children (id integer primary key, parent_id integer references ${schema}.parents on delete cascade);
      insert into ${schema}.parents values (1, '${schema}');
      insert into ${schema}.children values (1, 1), (2, 1);`,
  );

  forEachDriver(generation, describe, (driver) => {
    const { open, execute } = blogOn(generation, driver);

    it('a table whose schema is assigned is read in the new schema, and its writes invalidate there', async () => {
      await execute(rows.join(''));
      const { parents, children } = tablesOf();
      const assign = (schema: string) => {
        for (const table of [parents, children]) Reflect.set(table, SCHEMA, schema);
      };
      assign('t1');
      const { db, infoOf } = await open({ ...(await sharedCache()), schema: { parents, children } });
      const name = async () => (await db.$cached().select().from(parents).where(eq(parents.id, 1)))[0]?.name;

      for (const schema of ['t1', 't1', 't2', 't1', 't2']) {
        assign(schema);
        expect([await name(), await name()]).toEqual([schema, schema]);
      }
      expect((await infoOf(name)).status).toBe('hit');

      await db.update(parents).set({ name: 'new' }).where(eq(parents.id, 1));
      expect(await name()).toBe('new');
      assign('t1');
      expect(await name()).toBe('t1');
    });

    it('a table whose schema a proxy reads from the context keeps its foreign keys, in whatever context it is read first', async () => {
      await execute(rows.join(''));
      const tenant = new AsyncLocalStorage<string>();
      const inContext = <Table extends object>(table: Table): Table =>
        new Proxy(table, {
          get: (target, property) => (property === SCHEMA ? tenant.getStore() : Reflect.get(target, property)),
        });
      const plain = tablesOf();
      const parents = inContext(plain.parents);
      const children = inContext(plain.children);
      const countOf = (db: CachedBlog) => db.$cached().select().from(children);

      // Without the option `schema`, the first query makes the tables known: in a context of its own.
      for (const schema of [undefined, { parents, children }]) {
        const { db, infoOf } = await open({ ...(await sharedCache()), ...(schema && { schema }) });
        for (const name of ['t1', 't2'])
          await tenant.run(name, async () => {
            expect(await countOf(db)).toHaveLength(2);
            await db.$cached().select({ id: parents.id }).from(parents);
            expect((await infoOf(() => countOf(db))).status).toBe('hit');
          });
        await tenant.run('t1', async () => {
          await db.delete(parents).where(eq(parents.id, 1));
          expect(await countOf(db)).toHaveLength(0);
        });
        await tenant.run('t2', async () => expect(await countOf(db)).toHaveLength(2));
        await execute(rows.join(''));
      }
    });
  });
}
