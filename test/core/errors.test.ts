import { createQueryCache, InvalidOptionError } from '@cachetastic/core';
import { ADAPTER_OPTIONS, adapterOptions, parseReadOptions, resolveTable } from '@cachetastic/core/adapter';
import { redis } from '@cachetastic/core/redis';
import { describe, expect, it } from 'vitest';

/** What a user may put into the wrong option. */
const URLS = [
  'redis://user:s3cret@cache.internal:6379/0',
  'rediss://:s3cret@cache.internal',
  'postgres://app:s3cret@db.internal/app?sslmode=require',
  ` ${'x'.repeat(100)} redis://user:s3cret@cache.internal`,
];

const OPTIONS: Readonly<Record<string, (url: string) => unknown>> = {
  namespace: (url) => createQueryCache({ database: 'main', namespace: url }),
  maxStaleness: (url) => createQueryCache({ database: 'main', maxStaleness: url as '1s' }),
  intents: (url) => createQueryCache({ database: 'main', intents: { lease: url as '1s' } }),
  'an option of the adapter': (url) => resolveTable(ADAPTER_OPTIONS, { namespace: url }),
  'a default ttl': (url) => resolveTable(ADAPTER_OPTIONS, { ttl: url }),
  'the ttl of a read': (url) =>
    parseReadOptions('cache', { ttl: url }, adapterOptions(resolveTable(ADAPTER_OPTIONS, {}), {}).base),
  deadline: (url) => redis({ url: 'redis://127.0.0.1', deadline: url as '1s' }),
};

describe('the error of an option with a URL as its value', () => {
  it.each(Object.entries(OPTIONS))('does not repeat its password: %s', (_option, give) => {
    for (const url of URLS) {
      let error: unknown;
      try {
        give(url);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(InvalidOptionError);
      expect(String(error)).toContain('got a URL');
      expect(`${error} ${JSON.stringify(error)}`).not.toContain('s3cret');
    }
  });
});
