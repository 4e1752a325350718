import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Blog, createBlogDatabase, openBlog } from '../support/blog.js';
import { SecondProcess } from '../support/second-process/index.js';
import { sharedRedis, type TestDatabase, uniqueNamespace } from '../support/services/index.js';
import { SEED } from './catalogue/seed.js';

/*
 * Races, arranged by holding the result of a statement: the database has read its snapshot, and no caller has it yet.
 */

const READ = /^SELECT .*"users"/;

let database: TestDatabase;
let here: Blog;
let neighbour: Blog;
let there: SecondProcess;

beforeAll(async () => {
  database = await createBlogDatabase();
  const options = { redis: { url: await sharedRedis(), deadline: '5s' }, namespace: uniqueNamespace() } as const;
  here = openBlog(database.url, options);
  neighbour = openBlog(database.url, options);
  there = await SecondProcess.start({ databaseUrl: database.url, options });
});

afterAll(async () => {
  await there.close();
  await here.close();
  await neighbour.close();
  await database.drop();
});

beforeEach(async () => {
  await database.execute(SEED);
  for (const { db } of [here, neighbour]) await db.org.findFirst({ cache: 60 });
  await there.call('name', { id: 1 });
  await here.db.$cache.clear();
  await heard();
});

/** Waits until every process has received what was written here. */
async function heard(): Promise<void> {
  const seq = here.db.$cache.stats().log.seq ?? 0;
  await there.call('hear', { seq });
}

const ask = ({ db }: Blog) => db.user.findUnique({ where: { id: 1 }, select: { name: true }, cache: 600 });
const rename = ({ db }: Blog, name: string) => db.user.update({ where: { id: 1 }, data: { name } });
const explain = (blog: Blog) => blog.db.$cache.explain(() => ask(blog));

describe('a load that overlaps a change', () => {
  it('is returned to its own caller only, if the change is of the same process', async () => {
    const gate = here.watch.hold(READ);
    const early = ask(here).then((user) => user);
    await gate.reached;
    await rename(here, 'Adele');

    const late = explain(here).then(({ data }) => data);
    await expect(late).resolves.toEqual({ name: 'Adele' });
    gate.release();

    expect(await early).toEqual({ name: 'Ada' });
    await here.db.$cache.idle();
    expect((await explain(here)).data).toEqual({ name: 'Adele' });
    // What the early load left in Redis, if anything, is not served anywhere.
    expect(await there.call('name', { id: 1 })).toEqual('Adele');
    expect(await ask(neighbour)).toEqual({ name: 'Adele' });
  });

  it('is served by neither process once both have received the change', async () => {
    const gate = here.watch.hold(READ);
    const early = ask(here).then((user) => user);
    await gate.reached;
    const { seq } = await there.call('rename', { id: 1, name: 'Adele' });
    gate.release();

    expect(await early).toEqual({ name: 'Ada' });
    await here.db.$cache.idle();
    await hearsUpTo(here, seq);
    expect(await ask(here)).toEqual({ name: 'Adele' });
    expect(await there.call('name', { id: 1 })).toEqual('Adele');
  });

  it('fills no tier with a result that a later reader gets, though it fills last', async () => {
    const gate = here.watch.hold(READ);
    const early = ask(here).then((user) => user);
    await gate.reached;
    await rename(neighbour, 'Adele');
    // The right answer is in Redis before the wrong one is filled over it.
    expect(await ask(neighbour)).toEqual({ name: 'Adele' });
    await neighbour.db.$cache.idle();
    gate.release();
    await early;
    await here.db.$cache.idle();

    expect(await there.call('name', { id: 1 })).toEqual('Adele');
    await hearsUpTo(here, neighbour.db.$cache.stats().log.seq ?? 0);
    expect(await ask(here)).toEqual({ name: 'Adele' });
  });

  it('is joined by the callers from before the change, and by no later caller', async () => {
    const gate = here.watch.hold(READ);
    const first = explain(here);
    await gate.reached;
    const before = explain(here);
    // A caller joins in the turn in which it asks, or a few later.
    await new Promise((resolve) => setImmediate(resolve));
    await rename(here, 'Adele');
    const after = explain(here);
    gate.release();

    expect((await first).data).toEqual({ name: 'Ada' });
    expect(await before).toMatchObject({ data: { name: 'Ada' }, info: { status: 'coalesced' } });
    expect(await after).toMatchObject({ data: { name: 'Adele' }, info: { status: 'miss' } });
  });

  it('is not served afterwards if it returned a list that the cascade of a delete changed', async () => {
    const posts = ({ db }: Blog) => db.post.findMany({ select: { slug: true }, orderBy: { id: 'asc' }, cache: 600 });
    const gate = here.watch.hold(/^SELECT .*"posts"/);
    const early = posts(here).then((rows) => rows);
    await gate.reached;
    await here.db.user.delete({ where: { id: 1 } });
    gate.release();

    expect((await early).map(({ slug }) => slug)).toContain('p1');
    await here.db.$cache.idle();
    expect((await posts(here)).map(({ slug }) => slug)).toEqual(['p3', 'p4', 'p5', 'p6']);
  });
});

describe('a write', () => {
  it('leaves the old result to other callers only, while it is committed but not acknowledged', async () => {
    await ask(here);
    const gate = here.watch.hold(/^UPDATE/);
    const writing = rename(here, 'Adele').then((user) => user);
    await gate.reached;
    expect((await explain(here)).data).toMatchObject({ name: expect.stringMatching(/^Ad(a|ele)$/) });
    gate.release();
    await writing;

    expect(await ask(here)).toEqual({ name: 'Adele' });
  });

  it('leaves no result in the cache of a load that overlapped its commit', async () => {
    await here.db.org.findFirst();
    const gate = here.watch.hold(/^COMMIT/);
    const writing = here.db.$transaction((tx) => tx.user.update({ where: { id: 1 }, data: { name: 'Adele' } }));
    await gate.reached;
    // Committed, and not yet known to be: both the old and the new name are right answers.
    const during = await ask(here);
    gate.release();
    await writing;

    expect(during?.name).toMatch(/^Ad(a|ele)$/);
    expect(await ask(here)).toEqual({ name: 'Adele' });
    await heard();
    expect(await there.call('name', { id: 1 })).toEqual('Adele');
  });
});

async function hearsUpTo({ db }: Blog, seq: number): Promise<void> {
  await expect.poll(() => db.$cache.stats().log.seq ?? 0).toBeGreaterThanOrEqual(seq);
}
