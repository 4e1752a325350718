import {
  type CacheEvent,
  CacheEvents,
  createQueryCache,
  EVERYTHING,
  type QueryCache,
  systemClock,
} from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import { SeparateProcess } from '@cachetastic/core/testing';
import { Redis } from 'ioredis';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InvalidationLog } from '../../packages/core/src/log/invalidation-log.js';
import { emptyTier } from '../support/core-setup.js';
import { ScriptedLog } from '../support/scripted-log.js';
import { startRedis, waitUntil } from '../support/services/index.js';
import type { Service } from '../support/services/service.js';
import { codeBlocks, codesIn, readPage, section, tableRows } from './markdown.js';

const PAGE = readPage('docs/operations.md');
/** Commands that clients send of their own accord: to connect, to keep a connection, to choose a database. */
const OF_CLIENTS = ['info', 'ping', 'select'];

it('the page names every event of the code, once', () => {
  const described = tableRows(section(PAGE, 'Events')).flatMap(([event = '']) => codesIn(event));

  expect([...described].sort()).toEqual(
    [...literalsOf('packages/core/src/telemetry/events.ts', 'CacheEvent', 'type')].sort(),
  );
});

it('the page names every error code, once', () => {
  const described = tableRows(section(PAGE, 'Errors')).flatMap(([code = '']) => codesIn(code));

  expect([...described].sort()).toEqual(
    [...literalsOf('packages/core/src/errors.ts', 'CachetasticErrorCode', undefined)].sort(),
  );
});

it('the page names every number of the statistics, once', async () => {
  const shared = { name: 'redis', open: () => ({ tier: emptyTier, log: new ScriptedLog() }) };
  const cache = createQueryCache({ database: 'numbers', shared });
  const numbers = Object.entries(cache.stats()).flatMap(([name, value]) =>
    typeof value === 'object' ? Object.keys(value).map((inner) => `${name}.${inner}`) : [name],
  );
  await cache.close();
  const described = tableRows(section(PAGE, 'Numbers')).flatMap(([number = '']) => codesIn(number));

  expect([...described].sort()).toEqual([...numbers].sort());
});

describe('the section on the permissions of Redis', () => {
  const needs = section(PAGE, 'What Redis needs');
  const [rule] = codeBlocks(needs);
  const events: CacheEvent[] = [];
  let service: Service;
  let admin: Redis;
  let one: QueryCache;
  let other: QueryCache;

  beforeAll(async () => {
    service = await startRedis();
    admin = new Redis(service.url);
    await admin.call('ACL', ...(rule?.code.trim().split(' ').slice(1) ?? []));
    const url = new URL(service.url);
    url.username = 'cachetastic';
    url.password = 'secret';
    [one, other] = [open(url.href, events), open(url.href, events)];
    await admin.config('RESETSTAT');
    await useEverything(one, other);
    await readBack(url.href, one);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([one.close(), other.close()]);
    admin.disconnect();
    await service.stop();
  });

  it('names enough: two processes share results and invalidations, and no command is refused', () => {
    expect(events.filter(({ type }) => type === 'tier-failed')).toEqual([]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'hit', source: 'redis' }));
    expect(other.stats().log.epoch).toEqual(one.stats().log.epoch);
  });

  it('names no more than needed: every command is used, by the library or by the client', async () => {
    const allowed = [...(rule?.code.matchAll(/ \+(\S+)/g) ?? [])].map(([, command = '']) => command);
    const used = [...(await admin.info('commandstats')).matchAll(/^cmdstat_([^:|]+)[^:]*:calls=\d+/gm)].map(
      ([, command = '']) => command,
    );
    const ours = used.filter((command) => !['config', 'acl', 'auth', 'hello', 'client', 'quit'].includes(command));

    // Only a tier that deletes sends `unlink`, and a Cluster is asked key by key.
    expect([...allowed].sort()).toEqual([...new Set([...ours, ...OF_CLIENTS, 'unlink', 'get'])].sort());
  });

  it('permits no access to the keys and channels of another namespace', async () => {
    const url = new URL(service.url);
    url.username = 'cachetastic';
    url.password = 'secret';
    const user = new Redis(url.href);
    const others = ['ct:shop2:db:e:0', 'ct:other:db:e:0', '{ct:shop2:db}:v', '{ct:other:db}:log', 'session:1'];
    try {
      for (const key of others) {
        await expect(user.get(key), key).rejects.toThrow(/NOPERM/);
        await expect(user.set(key, 'x'), key).rejects.toThrow(/NOPERM/);
        await expect(user.eval("return redis.call('GET', KEYS[1])", 1, key), key).rejects.toThrow(/NOPERM/);
      }
      for (const channel of ['{ct:shop2:db}:changes:0', '{ct:other:db}:changes:0', 'news']) {
        await expect(user.publish(channel, 'x'), channel).rejects.toThrow(/NOPERM/);
        await expect(user.subscribe(channel), channel).rejects.toThrow(/NOPERM/);
      }
      await expect(user.set('ct:shop:db:e:0', 'x', 'PX', 1_000)).resolves.toBe('OK');
    } finally {
      user.disconnect();
    }
  });

  it('names the keys under which data is stored', async () => {
    const patterns = tableRows(needs)
      .flatMap(([key = '']) => codesIn(key))
      .map((key) => new RegExp(`^${key.replaceAll(/[{}]/g, '\\$&').replaceAll(/<\w+>/g, '[\\w.-]+')}$`));
    const keys = await admin.keys('*');

    for (const key of keys)
      expect(
        patterns.filter((pattern) => pattern.test(key)),
        key,
      ).toHaveLength(1);
    for (const pattern of patterns)
      expect(
        keys.some((key) => pattern.test(key)),
        String(pattern),
      ).toBe(true);
  });

  it('names the keys that expire, and the log is not among them', async () => {
    for (const key of await admin.keys('*')) {
      const life = await admin.pttl(key);
      if (key.includes(':e:')) expect(life).toBeGreaterThan(0);
      else expect(life).toBe(-1);
    }
  });
});

/** Nothing here is about a slow Redis: a busy machine must not make the cache step aside. */
const PATIENT = { deadline: '30s', openingDeadline: '30s' } as const;

/** A cache as another process would have it. */
function open(url: string, events: CacheEvent[]): QueryCache {
  const process = new SeparateProcess();
  const cache = process.run(() =>
    createQueryCache({ namespace: 'shop', database: 'db', shared: redis({ url, ...PATIENT }) }),
  );
  cache.on((event) => events.push(event));
  return cache;
}

/** A load, a hit in Redis, an invalidation, the message that reports it, and the requests to the log. */
async function useEverything(one: QueryCache, other: QueryCache): Promise<void> {
  await ask(one);
  await one.idle();
  await ask(other);
  await one.invalidate([{ kind: 'model', model: 'users', op: 'any' }]);
  await ask(one);
  await waitUntil('the other process to have heard', async () =>
    expect(other.stats().log.seq).toBe(one.stats().log.seq),
  );
}

/** What a process does that has missed messages. */
async function readBack(url: string, cache: QueryCache): Promise<void> {
  const context = { namespace: 'ct:shop:db', valueTypes: [], events: new CacheEvents(), clock: systemClock };
  const { log, tier } = redis({ url, ...PATIENT }).open(context);
  const { records } = await log.sync({ epoch: cache.stats().log.epoch ?? '', seq: 0 });
  expect(records).not.toEqual([]);
  await announceAndForget(log);
  await Promise.all([log.close(), tier.close()]);
}

/** A write whose outcome is never reported, one that ends, and one that stays open. */
async function announceAndForget(log: InvalidationLog): Promise<void> {
  const terms = { lease: 10, fence: 20 };
  const { seq } = await log.announce([EVERYTHING], terms);
  await waitUntil('the intent to have run out', async () => expect((await log.sync(undefined)).head).toBe(seq + 2));
  await log.append([], [await log.announce([EVERYTHING], { lease: 60_000, fence: 120_000 })]);
  await log.announce([EVERYTHING], { lease: 60_000, fence: 120_000 });
  expect((await log.sync(undefined)).intents).toHaveLength(1);
}

async function ask(cache: QueryCache): Promise<unknown> {
  return cache.read(
    {
      name: 'User.count',
      keyParts: 'count',
      footprint: { dependencies: [{ model: 'users' }], tags: [] },
      lifetime: { ttl: 60_000, swr: 0, grace: 0 },
    },
    async () => 1,
  );
}

/** The texts of a union in `file`: of the property `property` of its members, or of the members themselves. */
function literalsOf(file: string, name: string, property: string | undefined): readonly string[] {
  const source = ts.createSourceFile(file, readPage(file), ts.ScriptTarget.ES2023, true);
  const union = source.statements.filter(ts.isTypeAliasDeclaration).find((alias) => alias.name.text === name);
  const texts: string[] = [];
  const visit = (node: ts.Node, inside: boolean): void => {
    if (ts.isPropertySignature(node)) {
      if (node.name.getText(source) === property) ts.forEachChild(node, (child) => visit(child, true));
      return;
    }
    if (inside && ts.isStringLiteral(node)) texts.push(node.text);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  if (union !== undefined) visit(union.type, property === undefined);
  return texts;
}
