import type { Change } from '@cachetastic/core';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisLog } from '../../../packages/core/src/redis/redis-log.js';
import { readPage, section, tableRows } from '../../docs/markdown.js';
import { uniqueNamespace } from '../../support/services/index.js';
import { MeteredRedis } from './metered-redis.js';
import { openLog, until } from './open-redis.js';

/** How many appends are under way at once. */
const AT_ONCE = 500;
/** How much the figures in the documentation may be off: versions of Redis differ. */
const TOLERANCE = 0.1;
/** Longer than any test. */
const TERMS = { lease: 600_000, fence: 700_000 };

const PAGE = readPage('docs/operations.md');
const [anyRowBytes, byIdBytes, byIdAndEmailBytes] = documented(rowOf('log'));
const [wireBytes] = documented(section(PAGE, 'Load'));

let server: MeteredRedis;
const clients: Redis[] = [];

beforeAll(async () => {
  server = await MeteredRedis.start();
});
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await server.close();
});

describe('a record takes what docs/operations.md says', () => {
  it.each([
    ['of a change of any row of a model', anyRow, anyRowBytes],
    ['of an update by id', updateById, byIdBytes],
    ['of an update by id of a row with another unique column', updateWithEmail, byIdAndEmailBytes],
  ])('in a log of 10,000: %s', async (_, change, bytes) => {
    const { log, key } = open();
    await repeat(10_000, (row) => log.append([change(row)]));

    expectAbout((await bytesOf(key('log'))) / 10_000, bytes);
  });

  it('in a full log, which holds hardly more records than its limit', async () => {
    const { log, key } = open(100_000);
    await repeat(101_000, (row) => log.append([updateWithEmail(row)]));

    const records = await server.direct.xlen(key('log'));
    expect(records).toBeGreaterThanOrEqual(100_000);
    expect(records).toBeLessThanOrEqual(100_100);
    expectAbout((await bytesOf(key('log'))) / records, byIdAndEmailBytes);
  });

  it('as a message to a process', async () => {
    const namespace = uniqueNamespace();
    const { log } = open(1_000, namespace);
    const receiver = openLog(clientOf(server.url), namespace);
    let [subscribed, heard] = [false, 0];
    receiver.log.subscribe({
      onRecord: () => void heard++,
      onGap: () => {
        subscribed = true;
      },
    });
    await until(() => subscribed);
    const before = server.bytesDown;
    await repeat(1_000, (row) => log.append([updateWithEmail(row)]));
    await until(() => heard === 1_000);

    expectAbout((server.bytesDown - before) / 1_000, wireBytes);
    await receiver.log.close();
  });
});

it.each([10, 1_000])(
  '%i announced writes take the memory that docs/operations.md says, while they are under way',
  async (count) => {
    const { log, key } = open();
    const announced = await Promise.all(
      Array.from({ length: count }, (_, row) => log.announce([updateWithEmail(row)], TERMS)),
    );
    const [announcements, due] = [await bytesOf(key('open')), await bytesOf(key('due'))];

    // Few are kept in less.
    if (count < 100) expect(announcements + due).toBeLessThan(count * 320);
    else {
      expectAbout(announcements / count, documented(rowOf('open'))[0]);
      expectAbout(due / count, documented(rowOf('due'))[0]);
    }
    await log.append([], announced);
    expect(await server.direct.exists(key('open'), key('due'))).toBe(0);
  },
);

function anyRow(): Change {
  return { kind: 'model', model: 'posts', op: 'any' };
}

/** What an adapter derives from the update of one row of a table whose only unique column is its key. */
function updateById(row: number): Change {
  const id = `i:${100_000 + row}`;
  return { kind: 'model', model: 'items', op: 'update', before: { id }, after: { id } };
}

function updateWithEmail(row: number): Change {
  const id = `i:${100_000 + row}`;
  return {
    kind: 'model',
    model: 'users',
    op: 'update',
    before: { id },
    after: { id, email: `t:somebody${row}examplecom` },
  };
}

function open(length = 10_000, namespace = uniqueNamespace()): { log: RedisLog; key: (name: string) => string } {
  const { log } = openLog(clientOf(server.directUrl), namespace, { length, deadline: 30_000 });
  return { log, key: (name) => `{${namespace}}:${name}` };
}

function clientOf(url: string): Redis {
  const client = new Redis(url);
  clients.push(client);
  return client;
}

async function repeat(times: number, work: (time: number) => Promise<unknown>): Promise<void> {
  for (let done = 0; done < times; done += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, times - done) }, (_, index) => work(done + index)));
  }
}

async function bytesOf(key: string): Promise<number> {
  return Number(await server.direct.memory('USAGE', key, 'SAMPLES', 0));
}

/** What the page says of the key that ends with `name`. */
function rowOf(name: string): string {
  const rows = tableRows(section(PAGE, 'What Redis needs'));
  return rows.find(([key = '']) => key.endsWith(`:${name}\``))?.at(-1) ?? '';
}

function documented(text: string): readonly number[] {
  return [...text.matchAll(/about (\d+) bytes/g)].map(([, bytes]) => Number(bytes));
}

function expectAbout(actual: number, expected = Number.NaN): void {
  expect(actual).toBeGreaterThan(expected * (1 - TOLERANCE));
  expect(actual).toBeLessThan(expected * (1 + TOLERANCE));
}
