import type { CacheEvent } from '@cachetastic/core';
import { SeparateProcess } from '@cachetastic/core/testing';
import { withCachetastic } from '@cachetastic/drizzle';
import { type CachetasticOptions, cachetastic } from '@cachetastic/prisma-extension';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../support/services/index.js';
import { connect, createBlog, fillBlog, sharedCache } from './support/blog.js';

const IN_DATABASE = `
  create table badges (id integer primary key, user_id integer references users on delete cascade);
  create table named (id integer not null, name text not null);
  alter table orgs inherit named;
  alter table comments drop constraint comments_author_id_fkey;
  alter table comments add constraint comments_author_id_fkey foreign key (author_id) references users on delete cascade on update cascade;
  create function score() returns trigger language plpgsql as
    $$ begin update users set score = score + 1 where id = new.author_id; return null; end $$;
  create trigger scored after insert on posts for each row execute function score();
  create function score_blindly() returns trigger language plpgsql as
    $$ begin execute 'update users set score = score + 1'; return null; end $$;
  create trigger commented after insert on comments for each row execute function score_blindly();
  create rule renamed as on insert to categories do update orgs set name = new.name;
  create function slugify() returns trigger language plpgsql as
    $$ begin update tags set label = lower(label) where id = new.id and label <> lower(label); return null; end $$;
  create trigger slugify after insert or update on tags for each row execute function slugify();
  create function far() returns trigger language plpgsql as $$ begin new.id := new.id + 1000; return new; end $$;
  create trigger far before insert on profiles for each row execute function far();
`;

/** Tables that the Prisma schema lacks. */
const badges = pgTable('badges', { id: integer('id').primaryKey(), userId: integer('user_id') });
const named = pgTable('named', { id: integer('id'), name: text('name') });

let database: TestDatabase;
let pool: Pool;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createBlog();
  await database.execute(IN_DATABASE);
  pool = new Pool({ connectionString: database.url, max: 2 });
});
beforeEach(async () => {
  await database.execute('truncate orgs, users, tags, categories restart identity cascade');
  const { base } = connect(database);
  await fillBlog(base);
  await base.$disconnect();
  await database.execute('insert into badges values (1, 1)');
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

/** A Prisma client in a process of its own. */
function open(options: CachetasticOptions) {
  const events: CacheEvent[] = [];
  const onEvent = (event: CacheEvent) => void events.push(event);
  const db = new SeparateProcess().run(() =>
    connect(database).base.$extends(cachetastic({ maxStaleness: '20ms', ...options, onEvent })),
  );
  closing.push(() => db.$disconnect());
  const lacks = () => events.flatMap((event) => (event.type === 'schema-incomplete' ? [event.lacks] : []));
  const widened = () => events.flatMap((event) => (event.type === 'widened' ? [event.reason] : []));
  return { db, lacks, widened };
}

type Db = ReturnType<typeof open>['db'];

/** A Drizzle database in a process of its own that knows the tables which the Prisma schema lacks. */
function openDrizzle(options: CachetasticOptions) {
  const { redis, namespace } = options;
  const shared = { maxStaleness: '20ms', schema: { badges, named }, redis, namespace } as const;
  const db = new SeparateProcess().run(() => withCachetastic(drizzle(pool), shared));
  closing.push(() => db.$cache.close());
  return db;
}

const scores = (db: Db) => db.user.findMany({ select: { id: true, score: true }, orderBy: { id: 'asc' }, cache: 60 });
const post = { slug: 'new', title: 'New', authorId: 1 };

describe('a part of the database that the Prisma schema lacks', () => {
  it('a foreign key invalidates in another process, and is reported with its table', async () => {
    const options = await sharedCache();
    const reader = openDrizzle(options);
    const writer = open(options);
    expect(await reader.$cached().select().from(badges)).toHaveLength(1);

    await writer.db.user.delete({ where: { id: 1 } });

    await expect.poll(() => reader.$cached().select().from(badges)).toEqual([]);
    const about = writer.lacks().filter((one) => one.includes('foreign key'));
    expect(about.toSorted()).toEqual([
      'the action of the foreign key comments (author_id) → users: the database has on delete cascade, on update cascade, the schema in code has on delete set null, on update cascade',
      'the foreign key badges (user_id) → users, on delete cascade',
    ]);
  });

  it.each([
    ['a trigger', (db: Db) => db.post.create({ data: post }), 'the trigger scored of posts, which writes to users', 0],
    [
      'a trigger, fired by a nested write',
      (db: Db) => db.category.create({ data: { name: 'c', posts: { create: post } } }),
      'the trigger scored of posts, which writes to users',
      0,
    ],
    [
      'a trigger that cannot be read',
      (db: Db) => db.comment.create({ data: { text: 'a', postId: 1 } }),
      'the trigger commented of comments',
      1,
    ],
  ])('%s invalidates in another process', async (_, write, lacks, widened) => {
    const options = await sharedCache();
    const reader = open(options);
    const writer = open(options);
    const before = await scores(reader.db);

    await write(writer.db);

    await expect.poll(() => scores(reader.db)).not.toEqual(before);
    expect(writer.lacks().filter((one) => one === lacks)).toHaveLength(1);
    expect(writer.widened()).toHaveLength(widened);
  });

  it('a rule invalidates in another process', async () => {
    const options = await sharedCache();
    const reader = open(options);
    const writer = open(options);
    const names = async () => (await reader.db.org.findMany({ cache: 60 })).map(({ name }) => name);
    expect(await names()).toEqual(['Acme']);

    await writer.db.category.create({ data: { name: 'ruled' } });

    await expect.poll(names).toEqual(['ruled']);
    expect(writer.lacks()).toContain('the rule renamed of categories, which writes to orgs');
  });

  it('a table that shows rows of the written one is invalidated in another process', async () => {
    const options = await sharedCache();
    const reader = openDrizzle(options);
    const writer = open(options);
    const names = async () => (await reader.$cached().select().from(named)).map(({ name }) => name);
    expect(await names()).toEqual(['Acme']);

    await writer.db.org.update({ where: { id: 1 }, data: { name: 'Emca' } });

    await expect.poll(names).toEqual(['Emca']);
    expect(writer.lacks().filter((one) => one.includes('show in named'))).toHaveLength(1);
  });
});

it('a declared trigger is not reported, whether its code can be read or not', async () => {
  const options = await sharedCache();
  const models = { Post: { triggers: ['User'] }, Comment: { triggers: ['User'] } };
  const reader = open({ ...options, models });
  const writer = open({ ...options, models });
  const before = await scores(reader.db);

  await writer.db.comment.create({ data: { text: 'a', postId: 1 } });
  await expect.poll(() => scores(reader.db)).not.toEqual(before);
  const between = await scores(reader.db);
  await writer.db.post.create({ data: post });
  await expect.poll(() => scores(reader.db)).not.toEqual(between);

  expect(writer.lacks().filter((one) => one.includes('trigger'))).toEqual([]);
  // The schema lacks a table that refers to users.
  expect([...new Set(writer.widened())]).toEqual(['schema-incomplete: badges']);
});

describe('a trigger that changes the written row', () => {
  it.each([
    ['create', (db: Db) => db.tag.create({ data: { label: 'ODD' } })],
    ['update', (db: Db) => db.tag.update({ where: { label: 'news' }, data: { label: 'ODD' } })],
    ['upsert', (db: Db) => db.tag.upsert({ where: { label: 'none' }, create: { label: 'ODD' }, update: {} })],
    ['createMany', (db: Db) => db.tag.createMany({ data: [{ label: 'ODD' }] })],
    ['createManyAndReturn', (db: Db) => db.tag.createManyAndReturn({ data: [{ label: 'ODD' }] })],
  ])('invalidates a read of the value that it stored: %s', async (_, write) => {
    const { db, widened, lacks } = open(await sharedCache());
    const find = () => db.tag.findUnique({ where: { label: 'odd' }, cache: 60 });
    expect(await find()).toBeNull();

    await write(db);

    expect(await find()).toMatchObject({ label: 'odd' });
    expect(widened()).toEqual([]);
    expect(lacks().filter((one) => one.includes('slugify'))).toEqual([]);
  });

  it('invalidates a read of the key that it stored if the write returns nothing', async () => {
    const { db } = open(await sharedCache());
    const find = () => db.profile.findUnique({ where: { id: 1007 }, cache: 60 });
    expect(await find()).toBeNull();

    await db.profile.createMany({ data: [{ id: 7, bio: 'a', userId: 2 }] });

    expect(await find()).toMatchObject({ bio: 'a' });
  });
});
