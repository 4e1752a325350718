import { type CacheEvent, CacheEvents, type SharedStore } from '@cachetastic/core';
import { reportingTwoServers } from '@cachetastic/core/adapter';
import { ManualClock } from '@cachetastic/core/testing';
import { expect, it } from 'vitest';
import type { Entry } from '../../../packages/core/src/entry/entry.js';
import { CodecError, TierOpeningError, TierUnavailableError } from '../../../packages/core/src/errors.js';
import { emptyTier } from '../../support/core-setup.js';
import { ScriptedLog } from '../../support/scripted-log.js';

/** One store for every client that opens it. The first `failures` look-ups fail with what `fail` makes. */
class Store {
  readonly entries = new Map<string, Entry>();
  failures = 0;
  fail: () => Error = () => new TierUnavailableError('down');

  open(): SharedStore {
    const tier = {
      ...emptyTier,
      get: async (key: string) => {
        if (this.failures > 0) {
          this.failures -= 1;
          throw this.fail();
        }
        return this.entries.get(key);
      },
      set: async (key: string, entry: Entry) => {
        this.entries.set(key, entry);
      },
    };
    return { name: 'store', open: () => ({ tier, log: new ScriptedLog() }) };
  }
}

const clock = new ManualClock();

/** What a client of `server` hears when it opens the store. */
async function opened(server: string | undefined, from: Store): Promise<readonly CacheEvent[]> {
  const events = new CacheEvents();
  const heard: CacheEvent[] = [];
  events.on((event) => heard.push(event));
  reportingTwoServers(from.open(), { server })?.open({ namespace: 'n', valueTypes: [], events, clock });
  for (let second = 0; second < 12; second++) await clock.advance(1_000);
  return heard;
}

const ONE = '10.0.0.1:5432 1700000000.5';
const COPY = '10.0.0.2:5432 1700000900.25';

it('a copy of the database files on another server is reported, whichever server opens first', async () => {
  const from = new Store();

  expect(await opened(ONE, from)).toEqual([]);
  expect(await opened(ONE, from)).toEqual([]);
  expect(await opened(COPY, from)).toEqual([{ type: 'two-servers', servers: ['10.0.0.2:5432', '10.0.0.1:5432'] }]);
  expect(await opened(ONE, from)).toEqual([{ type: 'two-servers', servers: ['10.0.0.1:5432', '10.0.0.2:5432'] }]);
});

it.each([
  ['a restart', '10.0.0.1:5432 1700009999.125'],
  ['another address of the same server', '127.0.0.1:5432 1700000000.5'],
  ['a server that cannot be reached through a network', undefined],
])('%s is not reported as a second server', async (_, server) => {
  const from = new Store();
  await opened(ONE, from);

  expect(await opened(server, from)).toEqual([]);
});

it.each([
  ['the first connection is not ready', () => new TierOpeningError('not yet')],
  ['the store does not respond', () => new TierUnavailableError('down')],
])('two servers are reported later if, at first, %s', async (_, fail) => {
  const from = new Store();
  await opened(ONE, from);
  from.failures = 3;
  from.fail = fail;

  expect(await opened(COPY, from)).toMatchObject([{ type: 'two-servers' }]);
});

it('a stored server name that cannot be read is replaced', async () => {
  const from = new Store();
  from.failures = 1;
  from.fail = () => new CodecError('noise');

  expect(await opened(ONE, from)).toEqual([]);
  expect(await opened(COPY, from)).toMatchObject([{ type: 'two-servers' }]);
});

it('a store that never responds reports no second server', async () => {
  const from = new Store();
  from.failures = Number.POSITIVE_INFINITY;

  expect(await opened(ONE, from)).toEqual([]);
});
