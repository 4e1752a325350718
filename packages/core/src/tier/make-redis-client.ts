import { createRequire } from 'node:module';
import { InvalidOptionError, UnsafeSetupError } from '../errors.js';
import type { RedisClientSettings, RedisServerClient } from './redis-client.js';

const SETTINGS: RedisClientSettings = {
  // A command that cannot be sent now is of no use later.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (times) => Math.min(times * 50, 500),
  // A peer that vanished without a word is noticed by its silence after a command.
  socketTimeout: 2_000,
  connectTimeout: 2_000,
};

/**
 * Prepares clients for `url`. Loads `ioredis` now: who brings a client of their own, or uses no Redis, need not have it.
 *
 * @throws {@link InvalidOptionError} naming `option`; it does not repeat the URL, which may hold a password.
 */
export function redisClientMaker(option: string, url: unknown): () => RedisServerClient {
  if (!isAddress(url)) {
    const shown = typeof url === 'string' ? '(hidden)' : url;
    throw new InvalidOptionError(option, shown, '`redis://…`, `rediss://…` or the path of a Unix socket');
  }
  const Redis = loadRedis();
  return () => new Redis(url, SETTINGS);
}

function isAddress(url: unknown): url is string {
  if (typeof url !== 'string') return false;
  return url.startsWith('/') || (/^rediss?:\/\//.test(url) && URL.canParse(url));
}

function loadRedis(): new (url: string, settings: RedisClientSettings) => RedisServerClient {
  try {
    return createRequire(import.meta.url)('ioredis').Redis;
  } catch (cause) {
    throw new UnsafeSetupError('A URL of Redis needs the package `ioredis`: npm install ioredis', { cause });
  }
}
