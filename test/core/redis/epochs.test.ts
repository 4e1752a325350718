import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../../packages/core/src/match/change.js';
import type { RedisLog } from '../../../packages/core/src/redis/redis-log.js';
import { startRedis, uniqueNamespace } from '../../support/services/index.js';
import type { Service } from '../../support/services/service.js';
import { connect, openLog, until } from './open-redis.js';

let service: Service;
let client: Redis;
let log: RedisLog;
let keys: { readonly v: string; readonly log: string };

async function start(settings: Parameters<typeof startRedis>[0] = {}, length = 10_000): Promise<void> {
  service = await startRedis(settings);
  const namespace = uniqueNamespace();
  keys = { v: `{${namespace}}:v`, log: `{${namespace}}:log` };
  client = connect(service.url);
  log = openLog(client, namespace, { length }).log;
  await back();
}

async function back(): Promise<void> {
  await until(async () => client.status === 'ready');
}

afterEach(async () => {
  await log.close();
  await service.stop();
});

describe('a new epoch begins', () => {
  it('when Redis restarts empty', async () => {
    await start();
    const known = await log.append([EVERYTHING]);

    await service.restart({ empty: true });
    await back();

    const reply = await log.sync(known);
    expect(reply).toMatchObject({ kind: 'reset', head: 0 });
    expect(reply.epoch).not.toBe(known.epoch);
  });

  it('when Redis restarts with all its data', async () => {
    await start({ persistent: true });
    const known = await log.append([EVERYTHING]);

    await service.restart();
    await back();

    expect(await client.xlen(keys.log)).toBe(1);
    const reply = await log.sync(known);
    expect(reply).toMatchObject({ kind: 'reset', head: 1 });
    expect(reply.epoch).not.toBe(known.epoch);
  });

  it('when a promoted replica has lost the last records, though it counts them again', async () => {
    await start();
    const replica = await startRedis({ replicaOf: service.peer });
    const promoted = connect(replica.url);
    const { log: logThere } = openLog(promoted, keys.v.slice(1, -3));
    try {
      const before = await log.append([EVERYTHING]);
      await until(async () => (await promoted.xlen(keys.log)) === 1);
      await promoted.replicaof('NO', 'ONE');
      const lost = await log.append([{ kind: 'tag', tag: 'lost' }]);

      const after = await logThere.append([{ kind: 'tag', tag: 'after' }]);

      expect(before.epoch).toBe(lost.epoch);
      expect(after.seq).toBe(lost.seq);
      expect(after.epoch).not.toBe(lost.epoch);
      expect(await logThere.sync(lost)).toMatchObject({ kind: 'reset', epoch: after.epoch });
    } finally {
      await logThere.close();
      await replica.stop();
    }
  });
});

describe('on one Redis', () => {
  beforeEach(() => start({}, 100));

  it.each([
    ['FLUSHALL', async () => client.flushall()],
    ['the loss of its head', async () => client.del(keys.v)],
    ['an overwritten head', async () => client.set(keys.v, 'nonsense')],
  ])('a new epoch begins after %s', async (_, harm) => {
    const known = await log.append([EVERYTHING]);

    await harm();

    const reply = await log.sync(known);
    expect(reply.kind).toBe('reset');
    expect(reply.epoch).not.toBe(known.epoch);
    const next = await log.append([EVERYTHING]);
    expect(next.epoch).toBe(reply.epoch);
    expect(next.seq).toBe(reply.head + 1);
  });

  it.each([
    ['when they run out', 'due'],
    ['what they announced', 'open'],
  ])('a new epoch begins after the loss of the intents: %s', async (_, name) => {
    const known = await log.announce([EVERYTHING], { lease: 60_000, fence: 120_000 });

    await client.del(keys.v.replace(/v$/, name));

    const reply = await log.sync(known);
    expect(reply).toMatchObject({ kind: 'reset', intents: [] });
    expect(reply.epoch).not.toBe(known.epoch);
  });

  it('a new epoch begins after the loss of everything but the head', async () => {
    const known = await log.announce([EVERYTHING], { lease: 60_000, fence: 120_000 });

    await client.del(...['due', 'open'].map((name) => keys.v.replace(/v$/, name)));

    expect((await log.sync(known)).epoch).not.toBe(known.epoch);
  });

  it('the loss of the stream resets a reader that had not read all of it', async () => {
    const known = await log.append([EVERYTHING]);
    await log.append([EVERYTHING]);

    await client.del(keys.log);

    expect(await log.sync(known)).toMatchObject({ kind: 'reset', head: 2 });
    await log.append([EVERYTHING]);
    expect(await log.sync(known)).toMatchObject({ kind: 'reset', head: 3 });
    expect(await log.sync({ epoch: known.epoch, seq: 2 })).toMatchObject({ kind: 'continuation', head: 3 });
  });

  it('a hole in the stream resets a reader that is before it', async () => {
    const known = await log.append([EVERYTHING]);
    for (let count = 0; count < 3; count++) await log.append([EVERYTHING]);

    await client.xdel(keys.log, '3-0');

    expect(await log.sync(known)).toMatchObject({ kind: 'reset', head: 4, records: [] });
    expect(await log.sync({ epoch: known.epoch, seq: 3 })).toMatchObject({ kind: 'continuation' });
  });

  it('a hole is detected also if more records follow it than one sync returns', async () => {
    const { log: long } = openLog(connect(service.url), 'long');
    const known = await long.append([EVERYTHING]);
    for (let batch = 0; batch < 12; batch++) {
      await Promise.all(Array.from({ length: 100 }, () => long.append([EVERYTHING])));
    }

    await client.xdel('{long}:log', '3-0');

    expect(await long.sync(known)).toMatchObject({ kind: 'reset', head: 1_201, records: [] });
    await long.close();
  });

  it('a stream trimmed beyond the position of a reader resets that reader', async () => {
    const known = await log.append([EVERYTHING]);
    for (let batch = 0; batch < 10; batch++) {
      await Promise.all(Array.from({ length: 100 }, () => log.append([EVERYTHING])));
    }

    expect(await client.xlen(keys.log)).toBeLessThan(500);
    expect(await log.sync(known)).toMatchObject({ kind: 'reset', head: 1_001, records: [] });
    expect(await log.sync({ epoch: known.epoch, seq: 901 })).toMatchObject({ kind: 'continuation', head: 1_001 });
  });

  it('a stream that cannot be written is replaced in a new epoch, and no invalidation is lost', async () => {
    const known = await log.append([EVERYTHING]);
    await client.set(keys.log, 'not a stream');

    const next = await log.append([{ kind: 'tag', tag: 'kept' }]);

    expect(next.epoch).not.toBe(known.epoch);
    expect(await log.sync({ epoch: next.epoch, seq: next.seq - 1 })).toMatchObject({
      kind: 'continuation',
      records: [{ seq: next.seq, changes: [{ kind: 'tag', tag: 'kept' }] }],
    });
  });

  it('a record of a later version affects everything', async () => {
    const known = await log.append([EVERYTHING]);
    await client.xadd(keys.log, `${known.seq + 1}-0`, 'd', '[{"kind":"telepathy"}]');
    await client.set(keys.v, `${known.epoch}:${known.seq + 1}`);

    expect((await log.sync(known)).records).toEqual([{ seq: known.seq + 1, changes: [EVERYTHING] }]);
  });

  it('the log can be read with redis-cli', async () => {
    const { epoch } = await log.append([{ kind: 'model', model: 'public.User', op: 'update', before: { id: '1' } }]);

    expect(await client.get(keys.v)).toBe(`${epoch}:1`);
    expect(await client.xrange(keys.log, '-', '+')).toEqual([
      ['1-0', ['d', '[{"kind":"model","model":"public.User","op":"update","before":{"id":"1"}}]']],
    ]);
  });

  it('if scripts may not run INFO, the error names the missing permission', async () => {
    await client.acl('SETUSER', 'limited', 'on', '>pw', '~*', '&*', '+@all', '-info');
    const limited = connect(service.url.replace('redis://', 'redis://limited:pw@'));
    const { log: refused } = openLog(limited, 'refused');
    try {
      await expect(refused.sync(undefined)).rejects.toThrow(/may not run INFO.*\+info/);
    } finally {
      await refused.close();
    }
  });
});
