import { EventEmitter } from 'node:events';
import { cachetastic } from '@cachetastic/prisma-extension';
import { describe, expect, it } from 'vitest';
import { identifyDatabase } from '../../packages/prisma-extension/src/opening/database-identity.js';
import { connect } from './support/blog.js';

const NOWHERE = { name: 'nowhere', url: 'postgres://nobody@127.0.0.1:1/nowhere', execute: refuse, drop: refuse };

async function refuse(): Promise<never> {
  throw new Error('There is no database.');
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return String(error);
  }
  throw new Error('It did not throw.');
}

async function rejectionOf(work: () => PromiseLike<unknown>): Promise<string> {
  return Promise.resolve()
    .then(work)
    .then(
      () => Promise.reject(new Error('It did not reject.')),
      (error: unknown) => String(error),
    );
}

const construct = (options: unknown) => messageOf(() => Reflect.apply(cachetastic, undefined, [options]));

describe('an error at construction', () => {
  it('names an unknown option, and lists the known ones', () => {
    expect(construct({ tll: 5 })).toBe(
      'InvalidOptionError: Unknown option `tll`. Known are redis, database, mode, ttl, swr, grace, consistency, namespace, memory, maxStaleness, onUnconfirmed, maxStale, intents, observe, closeTimeout, scope, onEvent, replicaLag, models, functions, trustExtensions.',
    );
    expect(construct({ memory: { size: 5 } })).toBe(
      'InvalidOptionError: Unknown option `memory.size`. Known are maxEntries, maxBytes.',
    );
    expect(construct({ redis: { url: 'redis://localhost', timeout: 5 } })).toBe(
      'InvalidOptionError: Unknown option `redis.timeout`. Known are url, client, deadline, openingDeadline, logLength, maxEntryBytes.',
    );
  });

  it.each([
    { redisUrl: 'redis://user:secret@localhost' },
    { redis: { uri: 'redis://user:secret@localhost' } },
    { redis: ['redis://user:secret@localhost'] },
    { redis: 'user:secret@localhost' },
  ])('does not repeat a password: %j', (options) => {
    expect(construct(options)).not.toContain('secret');
  });

  it('names every allowed value of `redis`', () => {
    const allowed = 'a URL, a client of ioredis 5 or 6, or an object with `url` or `client`';

    expect(construct({ redis: 6379 })).toBe(
      `InvalidOptionError: Invalid option \`redis\`: expected ${allowed}, got 6379.`,
    );
    expect(construct({ redis: null })).toContain(allowed);
    expect(construct({ redis: [] })).toContain(allowed);
  });

  it('recognises a client of another library', () => {
    const other = Object.assign(new EventEmitter(), { isOpen: true });

    expect(construct({ redis: other })).toContain('`redis.client`: expected a client of ioredis 5 or 6');
  });

  it('an array of tags with an empty string fails, and the message says that the strings must not be empty', () => {
    expect(construct({ models: { User: { tags: [''] } } })).toContain('expected an array of tags (non-empty strings)');
  });
});

describe('an error when a client is extended', () => {
  it('forbids a second cache, and says what to do', () => {
    const { base } = connect(NOWHERE);
    const db = base.$extends(cachetastic());

    expect(messageOf(() => Reflect.apply(db.$extends, db, [cachetastic()]))).toBe(
      'UnsafeSetupError: This client has a cache already: extend it with `cachetastic()` once.',
    );
  });
});

describe('an error of a call', () => {
  const { base } = connect(NOWHERE);
  const db = base.$extends(cachetastic());

  it.each([null, Symbol.iterator, () => 60])('names every allowed value of `cache` for a read: %o', async (cache) => {
    const args = { cache } as object;

    expect(await rejectionOf(() => db.user.findMany(args))).toContain(
      'Invalid option `cache`: expected true, false, a duration, or an object with ttl, swr, grace, tags, scope, consistency, got ',
    );
  });

  it('says that a write is not cached', async () => {
    const args = { where: { id: 1 }, cache: 60 } as { where: { id: number } };

    expect(await rejectionOf(() => db.user.delete(args))).toContain(
      'Invalid option `cache`: expected an object with `tags` to invalidate (a write is not cached), got 60.',
    );
  });

  it.each([
    [{ model: 'User' }, 'Unknown option `$cache.invalidate().model`. Known are models, tags, everything.'],
    [
      { models: 'User' },
      'Invalid option `$cache.invalidate().models`: expected an array of model names (non-empty strings)',
    ],
    [{ models: ['Usr'] }, 'Invalid option `$cache.invalidate().models`: expected a model of the schema'],
    [{ tags: [5] }, 'Invalid option `$cache.invalidate().tags`'],
    [{ everything: 1 }, 'Invalid option `$cache.invalidate().everything`: expected true or false, got 1.'],
    [undefined, 'Invalid option `$cache.invalidate()`: expected an object with models, tags, everything'],
    [{}, 'Invalid option `$cache.invalidate()`: expected at least one of `models`, `tags` and `everything`'],
  ])('names the invalid part of $cache.invalidate(%j)', async (what, message) => {
    expect(await rejectionOf(() => Reflect.apply(db.$cache.invalidate, db.$cache, [what]))).toContain(message);
  });

  it('says why an invalidation waits before the cache is open, and where to look', async () => {
    expect(await rejectionOf(() => db.$cache.clear())).toBe(
      'InvalidationLostError: The cache is not open because the database could not be identified (see the event `tier-failed`). The invalidation is queued until it opens.',
    );
  });
});

it.each([
  ['mongodb', 'Cannot identify a database of provider mongodb'],
  [undefined, 'Cannot identify a database of an unknown provider'],
])(
  'a database of provider %s cannot be identified, and the error names the option to set',
  async (provider, message) => {
    const { base } = connect(NOWHERE);

    expect(await rejectionOf(() => identifyDatabase(base as never, provider))).toBe(
      `UnidentifiedDatabaseError: ${message}. Set the option \`database\`.`,
    );
  },
);
