import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CacheEvent } from '@cachetastic/core';
import { SeparateProcess } from '@cachetastic/core/testing';
import { cachetastic } from '@cachetastic/prisma-extension';
import { type Client, createClient } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { expect, it, onTestFinished } from 'vitest';
import { Prisma, PrismaClient } from '../differential/fixtures/sqlite/generated/client/client.js';
import { sharedCache } from './support/blog.js';

const sqlOf = (name: string) =>
  readFileSync(new URL(`../differential/fixtures/sqlite/${name}.sql`, import.meta.url), 'utf8');

/** A file in WAL mode, clients of it that share a Redis, and another program that writes. */
async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'cachetastic-busy-'));
  const url = `file:${join(folder, 'shop.db')}`;
  const program: Client = createClient({ url });
  onTestFinished(async () => {
    program.close();
    await rm(folder, { recursive: true });
  });
  await program.execute('PRAGMA journal_mode = WAL');
  await program.executeMultiple(sqlOf('schema'));
  await program.executeMultiple(sqlOf('rows'));
  const options = await sharedCache();
  const open = (behind: (client: Cached) => object = (client) => client) => {
    const events: CacheEvent[] = [];
    const plain = new PrismaClient({ adapter: new PrismaLibSql({ url }) });
    const extended = plain.$extends(cachetastic({ ...options, onEvent: (event) => events.push(event) }));
    const db = behind(extended) as Cached;
    onTestFinished(() => db.$disconnect());
    const infoOf = async (scope?: string) =>
      (await db.$cache.explain(() => db.label.count({ cache: scope === undefined ? 60 : { ttl: 60, scope } }))).info;
    return { db, events, infoOf };
  };
  /** Holds the lock of the file while `work` runs. */
  const locked = async (work: () => PromiseLike<unknown>) => {
    const transaction = await program.transaction('write');
    await work();
    await transaction.rollback();
  };
  return { program, open, locked };
}

type Cached = ReturnType<typeof extended>;
const extended = (client: PrismaClient) => client.$extends(cachetastic());

const insert = Prisma.sql`INSERT INTO labels (word) VALUES ('mine')`;
const create = (db: Pick<Cached, 'label'>) => db.label.create({ data: { word: 'mine' } });

it.each<[name: string, fails: (db: Cached) => PromiseLike<unknown>]>([
  ['a write', create],
  ['a write as raw SQL', (db) => db.$executeRaw(insert)],
  ['a batch', (db) => db.$transaction([db.label.count(), db.label.create({ data: { word: 'mine' } })])],
  ['a transaction', (db) => db.$transaction((tx) => create(tx))],
])('after %s failed on a locked file, reads go to the database', async (_name, fails) => {
  const { open, locked } = await setup();
  const { db, events, infoOf } = open();
  await infoOf();
  expect((await infoOf()).status).toBe('hit');

  await locked(() => expect(Promise.resolve(fails(db))).rejects.toThrow());

  for (let time = 0; time < 2; time += 1) {
    expect(await infoOf()).toMatchObject({ status: 'bypass', reason: 'connection-behind' });
    expect(await infoOf('one')).toMatchObject({ status: 'bypass', reason: 'connection-behind' });
  }
  expect(events.filter(({ type }) => type === 'connection-behind')).toHaveLength(1);
});

it('a result of a connection with an old snapshot is shared with no process', async () => {
  const { program, open, locked } = await setup();
  const one = open();
  const other = new SeparateProcess().run(open);
  const words = (db: Cached) => db.label.findMany({ where: { word: 'fresh' }, cache: 60 });
  await one.db.label.count({ cache: 60 });
  await locked(() => expect(Promise.resolve(create(one.db))).rejects.toThrow());

  // What was left open keeps the snapshot of the next read.
  await one.db.label.count();
  await program.execute("INSERT INTO labels (word) VALUES ('fresh')");
  await words(one.db);
  await one.db.$cache.idle();

  expect(await words(other.db)).toHaveLength(1);
});

it('an extension that catches the error of a locked file does not hide it from the cache', async () => {
  const { open, locked } = await setup();
  const { db, infoOf } = open((client) =>
    client.$extends({
      query: { label: { create: ({ args, query }) => query(args).catch(() => null as never) } },
    }),
  );
  await infoOf();

  await locked(() => create(db));

  expect(await infoOf()).toMatchObject({ reason: 'connection-behind' });
});

it('a write that fails for another reason than a lock leaves the cache on', async () => {
  const { open } = await setup();
  const { db, events, infoOf } = open();
  await infoOf();

  await expect(db.label.create({ data: { id: 1, word: 'again' } })).rejects.toThrow();
  await infoOf();

  expect((await infoOf()).status).toBe('hit');
  expect(events.filter(({ type }) => type === 'connection-behind')).toEqual([]);
});
