import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CachetasticOptions, withCachetastic } from '@cachetastic/drizzle';
import { PGlite } from '@electric-sql/pglite';
import { createClient } from '@libsql/client';
import { eq, sql } from 'drizzle-orm';
import { drizzle as libsql } from 'drizzle-orm/libsql';
import { drizzle as proxy } from 'drizzle-orm/pg-proxy';
import { drizzle } from 'drizzle-orm/pglite';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import * as schema from './drizzle-schema.js';
import { codesIn, readPage, section, tableRows } from './markdown.js';

const { users, posts } = schema;
const rows = tableRows(section(readPage('docs/concepts/drizzle.md'), 'What is never cached, and why'));
const reasons = rows.map(([reason = '']) => codesIn(reason)[0] ?? '');

let lite: PGlite;
beforeAll(async () => {
  lite = await PGlite.create();
  await lite.exec(`
    CREATE TABLE users (id serial PRIMARY KEY, email text, name text, score integer, created_at timestamp(3), org_id integer);
    CREATE TABLE posts (id serial PRIMARY KEY, slug text, title text, published boolean, author_id integer);`);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => lite.close());

function open(options: CachetasticOptions = {}) {
  return withCachetastic(drizzle(lite, { schema }), options);
}

type Told = { readonly info: { readonly status: string; readonly reason?: string | undefined } };

/** For each reason of the page, a query that is given it. */
const queries: Readonly<Record<string, () => Promise<Told>>> = {
  async 'not-requested'() {
    const db = open();
    return db.$cache.explain(() => db.select().from(users));
  },
  async 'opted-out'() {
    const db = open({ mode: 'all' });
    return db.$cache.explain(() => db.$cached(false).select().from(users));
  },
  async 'table-not-cached'() {
    const db = open({ tables: { users: false } });
    return db.$cache.explain(() => db.$cached().select().from(users));
  },
  async disabled() {
    vi.stubEnv('CACHETASTIC_DISABLED', '1');
    const db = open();
    return db.$cache.explain(() => db.$cached().select().from(users));
  },
  async transaction() {
    const db = open({ mode: 'all' });
    return db.$cache.explain(() => db.transaction((tx) => tx.select().from(users)));
  },
  async locking() {
    const db = open();
    return db.$cache.explain(() => db.$cached().select().from(users).for('update'));
  },
  async volatile() {
    const db = open();
    return db.$cache.explain(() => db.$cached().select({ now: sql`now()` }).from(users));
  },
  async 'not-analysable: …'() {
    const db = open();
    return db.$cache.explain(() => db.$cached().execute(sql`select relname from pg_class limit 1`));
  },
  async 'no-scope'() {
    const db = open({ scope: () => undefined });
    return db.$cache.explain(() => db.$cached().select().from(users));
  },
  async 'token-without-scope'() {
    const db = open();
    const prepared = db.$cached().select().from(users).prepare('all_users');
    return db.$cache.explain(async () => Reflect.apply(prepared.execute, prepared, [{}, 'a token']));
  },
  async 'session-changed'() {
    const db = withCachetastic(proxy(async () => ({ rows: [] })));
    await db.execute(sql`set search_path to public`);
    return db.$cache.explain(() => db.$cached().select().from(users));
  },
  async 'connection-behind'() {
    const folder = await mkdtemp(join(tmpdir(), 'cachetastic-busy-'));
    const url = `file:${join(folder, 'blog.db')}`;
    const client = createClient({ url });
    const other = createClient({ url });
    const db = withCachetastic(libsql(client));
    const writing = await other.transaction('write');
    await expect(Promise.resolve(db.run(sql`create table users (id integer)`))).rejects.toThrow();
    const told = await db.$cache.explain(() => db.$cached().all(sql`select 1`));
    writing.close();
    client.close();
    other.close();
    await rm(folder, { recursive: true });
    return told;
  },
  async 'row-security'() {
    const identity = { asked_database: 'one', asked_secured: '["users"]' };
    const db = withCachetastic(proxy(async (text) => ({ rows: text.includes('asked_secured') ? [identity] : [] })));
    return db.$cache.explain(() => db.$cached().select().from(users));
  },
  async 'no-rows'() {
    const client = createClient({ url: ':memory:' });
    const db = withCachetastic(libsql(client));
    const told = await db.$cache.explain(() => db.$cached().run(sql`select 1`));
    client.close();
    return told;
  },
  async 'database-not-identified'() {
    const db = withCachetastic(
      proxy(async (text) => {
        if (text.includes('pg_control_system')) throw new Error('permission denied');
        return { rows: [] };
      }),
    );
    return db.$cache.explain(() => db.$cached().select().from(users));
  },
  async 'no-read'() {
    const db = open();
    const removed = db.$with('removed').as(db.delete(posts).where(eq(posts.id, 1)).returning({ id: posts.id }));
    return db.$cache.explain(() => db.$cached().with(removed).select().from(removed));
  },
};

it('the page has every reason that a query here tests, and no other', () => {
  expect([...reasons].sort()).toEqual(Object.keys(queries).sort());
});

it.each(reasons)('a query that is not cached because of `%s` reports it', async (reason) => {
  const { info } = (await queries[reason]?.()) ?? {};

  expect(info?.status).toBe('bypass');
  if (reason.endsWith('…')) expect(info?.reason).toContain(reason.slice(0, -1));
  else expect(info?.reason).toBe(reason);
});
