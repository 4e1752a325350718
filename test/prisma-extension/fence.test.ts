import type { CacheEvent } from '@cachetastic/core';
import type { CachetasticOptions } from '@cachetastic/prisma-extension';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unfencedReason } from '../../packages/core/src/adapter/fence.js';
import type { TestDatabase } from '../support/services/index.js';
import { cachedBlog, createBlog } from './support/blog.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createBlog();
});
afterAll(() => database?.drop());

/** What a client says of the fence whose connections have these settings. */
async function toldOf(settings: Readonly<Record<string, string>>, intents: CachetasticOptions['intents']) {
  const url = new URL(database.url);
  const given = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  url.searchParams.set('options', given.join(' '));
  const events: CacheEvent[] = [];
  const { db } = cachedBlog({ ...database, url: url.href }, { intents, onEvent: (event) => events.push(event) });
  await db.tag.count({ cache: true });
  await db.$disconnect();
  return events.filter(({ type }) => type === 'unfenced');
}

const BOUNDED = { statement_timeout: '10s', idle_in_transaction_session_timeout: '10s' };

describe('the event of a database that may commit after the fence', () => {
  it('a database without timeouts is reported', async () => {
    expect(await toldOf({}, true)).toEqual([
      { type: 'unfenced', fence: 15, reason: expect.stringContaining('statement_timeout') },
    ]);
  });

  it('a database with a missing or longer timeout is reported', async () => {
    expect(await toldOf({ statement_timeout: '10s' }, true)).toHaveLength(1);
    expect(await toldOf({ ...BOUNDED, statement_timeout: '15s' }, true)).toHaveLength(1);
    expect(await toldOf(BOUNDED, { lease: '1s', fence: '2s' })).toMatchObject([{ fence: 2 }]);
  });

  it('a database with shorter timeouts is not reported, and none without intents', async () => {
    expect(await toldOf(BOUNDED, true)).toEqual([]);
    expect(await toldOf({}, false)).toEqual([]);
  });
});

it.each([
  ['transaction_timeout=14999 statement_timeout=0 idle_in_transaction_session_timeout=0', undefined],
  [
    'transaction_timeout=15000 statement_timeout=0 idle_in_transaction_session_timeout=0',
    /set transaction_timeout, or/,
  ],
  ['statement_timeout=0 idle_in_transaction_session_timeout=10', /set statement_timeout and/],
  [undefined, /cannot report its commit timeouts/],
])('the reason for %s is %s', (timeouts, expected) => {
  const reason = unfencedReason(timeouts, 15_000);
  if (expected === undefined) expect(reason).toBeUndefined();
  else expect(reason).toMatch(expected);
});
