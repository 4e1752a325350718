import { checkKeys } from '../check-keys.js';
import { type Duration, toMilliseconds } from '../duration.js';
import { InvalidOptionError } from '../errors.js';
import type { RedisClient } from './redis-client.js';
import { type RedisSource, sourceOfClient, sourceOfUrl } from './redis-source.js';

interface CommonRedisOptions {
  /** How long a read waits for Redis before it goes to the database instead. @defaultValue `'50ms'` */
  readonly deadline?: Duration | undefined;
  /**
   * How long the first connection may take before its absence is a failure. Until then reads go to the database with the reason
   * `opening`, and `$cache.invalidate` and `$cache.clear` wait for it. @defaultValue `'1s'`
   */
  readonly openingDeadline?: Duration | undefined;
  /** How many invalidations Redis keeps at least: 100 to 10,000,000, usually of 65 to 170 bytes. @defaultValue `100_000` */
  readonly logLength?: number | undefined;
  /** The largest entry that is stored, in encoded bytes. A larger result stays in memory only. @defaultValue `4_194_304` */
  readonly maxEntryBytes?: number | undefined;
}

/** Where Redis is, and how it is used. */
export type RedisTierOptions = CommonRedisOptions &
  (
    | {
        /** `redis://`, `rediss://` or the path of a Unix socket. Needs the package `ioredis`. */
        readonly url: string;
        readonly client?: undefined;
      }
    | {
        /**
         * A client of `ioredis` 5 or 6: for one server, Sentinel or Cluster. Cachetastic makes connections of its own like those
         * of the client; the client itself stays yours, to use and to close.
         */
        readonly client: RedisClient;
        readonly url?: undefined;
      }
  );

const DEFAULTS = {
  deadline: 50,
  openingDeadline: 1_000,
  logLength: 100_000,
  maxEntryBytes: 4 * 1_024 * 1_024,
} as const;
const OPTIONS = ['url', 'client', ...Object.keys(DEFAULTS)];

/** What of {@link RedisTierOptions} is not about where Redis is, with nothing left to decide. */
export interface ResolvedRedisSettings {
  /** In milliseconds. */
  readonly deadline: number;
  /** In milliseconds. */
  readonly openingDeadline: number;
  readonly logLength: number;
  readonly maxEntryBytes: number;
}

/** {@link RedisTierOptions} with nothing left to decide. */
export interface ResolvedRedisOptions extends ResolvedRedisSettings {
  readonly source: RedisSource;
  /** The URL or the client: equal ones lead to the same Redis. */
  readonly origin: string | RedisClient;
}

/**
 * Completes the options of `redis()`.
 *
 * @throws {@link InvalidOptionError} naming the option, the value and what is allowed.
 */
export function resolveRedisOptions(input: RedisTierOptions): ResolvedRedisOptions {
  const settings = resolveRedisSettings(input);
  const { url, client } = input;
  const hasUrl = url !== undefined && url !== '';
  if (hasUrl === (client !== undefined)) throw new InvalidOptionError('redis', input, 'either `url` or `client`');
  const source = client === undefined ? sourceOfUrl('redis.url', url) : sourceOfClient(checkedClient(client));
  return { ...settings, source, origin: client ?? String(url) };
}

/** As {@link resolveRedisOptions}, with or without the address of Redis. */
export function resolveRedisSettings(input: RedisTierOptions): ResolvedRedisSettings {
  if (typeof input !== 'object' || input === null) {
    throw new InvalidOptionError('redis', input, 'an object with `url` or `client`');
  }
  checkKeys('redis', input, OPTIONS);
  const { deadline, openingDeadline, logLength, maxEntryBytes } = input;
  return {
    deadline: duration('redis.deadline', deadline) ?? DEFAULTS.deadline,
    openingDeadline: duration('redis.openingDeadline', openingDeadline) ?? DEFAULTS.openingDeadline,
    logLength: integer('redis.logLength', logLength, 100, 10_000_000) ?? DEFAULTS.logLength,
    maxEntryBytes: integer('redis.maxEntryBytes', maxEntryBytes, 1, 512 * 1_024 * 1_024) ?? DEFAULTS.maxEntryBytes,
  };
}

function duration(option: string, input: unknown): number | undefined {
  return input === undefined ? undefined : toMilliseconds(option, input);
}

function checkedClient(client: RedisClient): RedisClient {
  const { mgetBuffer, duplicate, isCluster } = client ?? {};
  if (typeof mgetBuffer !== 'function' || typeof duplicate !== 'function' || typeof isCluster !== 'boolean') {
    throw new InvalidOptionError('redis.client', client, 'a client of ioredis 5 or 6 (Redis or Cluster)');
  }
  return client;
}

function integer(option: string, input: unknown, least: number, most: number): number | undefined {
  if (input === undefined) return undefined;
  if (typeof input === 'number' && Number.isInteger(input) && input >= least && input <= most) return input;
  throw new InvalidOptionError(option, input, `an integer from ${least} to ${most}`);
}
