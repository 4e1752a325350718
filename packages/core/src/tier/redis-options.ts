import { type Duration, toMilliseconds } from '../duration.js';
import { InvalidOptionError } from '../errors.js';
import { checkKeys } from '../options.js';
import { redisClientMaker } from './make-redis-client.js';
import type { RedisClient } from './redis-client.js';

interface CommonRedisOptions {
  /** How long an answer of Redis is waited for before the database is asked instead. @defaultValue `'50ms'` */
  readonly deadline?: Duration | undefined;
  /** How many invalidations Redis keeps at least: 100 to 10,000,000, of 65 to 170 bytes as a rule. @defaultValue `100_000` */
  readonly logLength?: number | undefined;
  /** The largest entry that is stored, in encoded bytes. A larger answer stays in memory only. @defaultValue `4_194_304` */
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
        /** A client of `ioredis` 5 or 6: for one server, Sentinel or Cluster. It stays yours to close. */
        readonly client: RedisClient;
        readonly url?: undefined;
      }
  );

const DEFAULTS = { deadline: 50, logLength: 100_000, maxEntryBytes: 4 * 1_024 * 1_024 } as const;
const OPTIONS = ['url', 'client', ...Object.keys(DEFAULTS)];

/** {@link RedisTierOptions} with nothing left to decide. */
export interface ResolvedRedisOptions {
  readonly makeClient: () => RedisClient;
  /** Whether the client is ours to close. */
  readonly owned: boolean;
  /** In milliseconds. */
  readonly deadline: number;
  readonly logLength: number;
  readonly maxEntryBytes: number;
}

/**
 * Completes the options of `redis()`.
 *
 * @throws {@link InvalidOptionError} naming the option, what was given and what is allowed.
 */
export function resolveRedisOptions(given: RedisTierOptions): ResolvedRedisOptions {
  if (typeof given !== 'object' || given === null) {
    throw new InvalidOptionError('redis', given, 'an object with `url` or `client`');
  }
  checkKeys('redis', given, OPTIONS);
  const { url, client, deadline, logLength, maxEntryBytes } = given;
  if ((url === undefined) === (client === undefined)) {
    throw new InvalidOptionError('redis', given, 'either `url` or `client`');
  }
  return {
    makeClient: client === undefined ? redisClientMaker('redis.url', url) : clientOf(client),
    owned: client === undefined,
    deadline: deadline === undefined ? DEFAULTS.deadline : toMilliseconds('redis.deadline', deadline),
    logLength: integer('redis.logLength', logLength, 100, 10_000_000) ?? DEFAULTS.logLength,
    maxEntryBytes: integer('redis.maxEntryBytes', maxEntryBytes, 1, 512 * 1_024 * 1_024) ?? DEFAULTS.maxEntryBytes,
  };
}

function clientOf(client: RedisClient): () => RedisClient {
  if (typeof client?.mgetBuffer !== 'function' || typeof client.isCluster !== 'boolean') {
    throw new InvalidOptionError('redis.client', client, 'a client of ioredis 5 or 6 (Redis or Cluster)');
  }
  return () => client;
}

function integer(option: string, given: unknown, least: number, most: number): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'number' && Number.isInteger(given) && given >= least && given <= most) return given;
  throw new InvalidOptionError(option, given, `an integer from ${least} to ${most}`);
}
