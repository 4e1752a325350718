import { cachetastic } from '@cachetastic/prisma-extension';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect } from './support/blog.js';

/** No query is sent in this file. */
const NOWHERE = { name: 'nowhere', url: 'postgres://nobody@127.0.0.1:1/nowhere', execute: refuse, drop: refuse };

async function refuse(): Promise<never> {
  throw new Error('There is no database.');
}

afterEach(() => vi.unstubAllEnvs());

describe('an option at construction', () => {
  it.each([
    [{ tll: 5 }, 'tll', 'Known are redis, database'],
    [{ ttl: 0 }, 'ttl', 'greater than 0'],
    [{ ttl: 'soon' }, 'ttl', 'a duration'],
    [{ swr: -1 }, 'swr', '0 or more'],
    [{ mode: 'some' }, 'mode', "'explicit' or 'all'"],
    [{ namespace: 'a b' }, 'namespace', 'letters, digits'],
    [{ database: '' }, 'database', 'a non-empty string'],
    [{ memory: { maxEntries: 0 } }, 'memory.maxEntries', 'whole number'],
    [{ memory: { size: 1 } }, 'memory.size', 'Unknown option'],
    [{ maxStaleness: 'x' }, 'maxStaleness', 'a duration'],
    [{ observe: 2 }, 'observe', '0 to 1'],
    [{ observe: true }, 'observe', 'an object with rate, degrade'],
    [{ observe: { rate: -1 } }, 'observe.rate', '0 to 1'],
    [{ observe: { degrade: true } }, 'observe.rate', '0 to 1'],
    [{ observe: { rate: 1, degrade: 1 } }, 'observe.degrade', 'true or false'],
    [{ observe: { rate: 1, share: 1 } }, 'observe.share', 'Unknown option'],
    [{ redis: 'http://x' }, 'redis.url', 'redis://'],
    [{ redis: {} }, 'redis', 'either `url` or `client`'],
    [{ scope: '' }, 'scope', 'a non-empty string'],
    [{ trustExtensions: 'rls' }, 'trustExtensions', 'an array of non-empty names'],
    [{ onEvent: true }, 'onEvent', 'a function'],
    [{ models: [] }, 'models', 'options by model'],
    [{ models: { User: { ttl: -1 } } }, 'models.User.ttl', 'greater than 0'],
    [{ models: { User: { tll: 1 } } }, 'models.User.tll', 'Unknown option'],
    [{ models: { User: { tags: 'a' } } }, 'models.User.tags', 'an array of tags'],
    [null, 'options', 'an object'],
  ])('%j is refused, and the error names %s', (options, option, allowed) => {
    const make = () => Reflect.apply(cachetastic, undefined, [options]);

    expect(make).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION', option }));
    expect(make).toThrow(allowed);
  });

  it.each([
    ['CACHETASTIC_TTL', 'long', 'ttl'],
    ['CACHETASTIC_NAMESPACE', 'a b', 'namespace'],
    ['CACHETASTIC_REDIS_URL', 'nowhere', 'redis.url'],
  ])('%s=%s in the environment is refused like the option', (variable, value, option) => {
    vi.stubEnv(variable, value);

    expect(() => cachetastic()).toThrow(expect.objectContaining({ option }));
  });

  it('an option overrides the environment', () => {
    vi.stubEnv('CACHETASTIC_TTL', 'long');
    vi.stubEnv('CACHETASTIC_NAMESPACE', 'a b');

    expect(() => cachetastic({ ttl: 5, namespace: 'ab' })).not.toThrow();
  });
});

describe('an option when a client is extended', () => {
  it.each([
    [{ models: { Usr: false } }, 'models.Usr'],
    [{ models: { User: { triggers: ['Nope'] } } }, 'models.User.triggers'],
  ] as const)('%j is refused because it names an unknown model', (options, option) => {
    const { base } = connect(NOWHERE);

    expect(() => base.$extends(cachetastic(options))).toThrow(expect.objectContaining({ option }));
  });

  it('a value that is not a client is refused', () => {
    expect(() => cachetastic()({})).toThrow(/new PrismaClient/);
  });
});

describe('an option of a call', () => {
  const { base } = connect(NOWHERE);
  const db = base.$extends(cachetastic());

  it.each([
    [{ tll: 5 }, 'cache.tll'],
    [{ ttl: 0 }, 'cache.ttl'],
    [{ swr: 'x' }, 'cache.swr'],
    [{ tags: 'a' }, 'cache.tags'],
    [{ scope: 5 }, 'cache.scope'],
    ['long', 'cache'],
    [-1, 'cache'],
    [null, 'cache'],
  ])('a read with cache: %j is refused', async (cache, option) => {
    const args = { cache } as object;

    await expect(db.user.findMany(args)).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', option });
  });

  it.each([
    [true, 'cache'],
    [{ ttl: 1 }, 'cache.ttl'],
  ])('a write with cache: %j is refused', async (cache, option) => {
    const args = { where: { id: 1 }, cache } as { where: { id: number } };

    await expect(db.user.delete(args)).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', option });
  });

  it.each([
    [{ tll: 5 }, '$cached().tll'],
    [{ ttl: 'x' }, '$cached().ttl'],
    [{ models: 'User' }, '$cached().models'],
    [[], '$cached()'],
  ])('$$cached(%j) is refused', (options, option) => {
    expect(() => Reflect.apply(db.$cached, db, [options])).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', option }),
    );
  });
});
