import type { Entry } from '../entry/entry.js';
import { decodeEntry, encodeEntry } from '../entry/frame.js';
import { leastBytes } from '../entry/least-bytes.js';
import type { ValueType } from '../entry/value-type.js';
import { CodecError, TierUnavailableError } from '../errors.js';
import { KeyBatch } from '../tier/key-batch.js';
import type { Tier } from '../tier/tier.js';
import type { RedisConnection } from './redis-connection.js';

/** How many keys one command names at most, so that none holds up Redis. */
const MOST_KEYS = 200;

/** What a {@link RedisTier} is made of. */
export interface RedisTierParts {
  readonly connection: RedisConnection;
  readonly namespace: string;
  readonly valueTypes: readonly ValueType[];
  /** How large an encoded entry may be. */
  readonly maxEntryBytes: number;
  /** Called when it has let go of the connection. */
  readonly onClosed?: (() => void) | undefined;
}

/** Entries in Redis, as `<namespace>:e:<key>`. */
export class RedisTier implements Tier {
  readonly name = 'redis';

  readonly #parts: RedisTierParts;
  readonly #lookups: KeyBatch<Buffer | undefined>;
  #closed = false;

  constructor(parts: RedisTierParts) {
    this.#parts = parts;
    this.#lookups = new KeyBatch(MOST_KEYS, (keys) => this.#fetch(keys));
    parts.connection.retain();
  }

  async get(key: string): Promise<Entry | undefined> {
    const redisKey = this.#toRedisKey(key);
    const bytes = await this.#lookups.get(redisKey);
    return bytes && decodeEntry(bytes, this.#parts.valueTypes, redisKey);
  }

  /** @throws {@link CodecError} also for an entry larger than `maxEntryBytes`. */
  async set(key: string, entry: Entry, life: number): Promise<void> {
    const { connection, maxEntryBytes, valueTypes } = this.#parts;
    const redisKey = this.#toRedisKey(key);
    if (leastBytes(entry.value, maxEntryBytes) > maxEntryBytes) {
      throw new CodecError(`The entry takes more bytes than \`maxEntryBytes\` (${maxEntryBytes}).`);
    }
    const bytes = encodeEntry(entry, valueTypes, redisKey);
    if (bytes.length > maxEntryBytes) {
      throw new CodecError(`The entry takes ${bytes.length} bytes, more than \`maxEntryBytes\` (${maxEntryBytes}).`);
    }
    // At least 1: Redis refuses 0.
    const milliseconds = Math.max(1, Math.floor(life));
    await connection.run({ operation: 'set', key: redisKey }, (client) =>
      client.set(redisKey, bytes, 'PX', milliseconds),
    );
  }

  async delete(keys: readonly string[]): Promise<void> {
    const { connection } = this.#parts;
    // In a Cluster, one command names keys of one slot only.
    const most = connection.cluster ? 1 : MOST_KEYS;
    const unlinks: Promise<unknown>[] = [];
    for (let from = 0; from < keys.length; from += most) {
      const some = keys.slice(from, from + most).map((key) => this.#toRedisKey(key));
      unlinks.push(connection.run({ operation: 'delete', key: some[0] ?? '' }, (client) => client.unlink(some)));
    }
    await Promise.all(unlinks);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.connection.release();
    this.#parts.onClosed?.();
  }

  #toRedisKey(key: string): string {
    return `${this.#parts.namespace}:e:${key}`;
  }

  async #fetch(keys: readonly string[]): Promise<readonly PromiseSettledResult<Buffer | undefined>[]> {
    const { connection } = this.#parts;
    if (connection.cluster) {
      return Promise.allSettled(
        keys.map(async (key) =>
          toBytes(await connection.run({ operation: 'get', key }, (client) => client.getBuffer(key))),
        ),
      );
    }
    const replies = await connection.run({ operation: 'get', key: keys[0] ?? '' }, (client) =>
      client.mgetBuffer([...keys]),
    );
    if (!Array.isArray(replies) || replies.length !== keys.length) {
      throw new TierUnavailableError('Redis get failed: its reply cannot be read.');
    }
    return replies.map((reply: unknown) => ({ status: 'fulfilled', value: toBytes(reply) }));
  }
}

function toBytes(reply: unknown): Buffer | undefined {
  return Buffer.isBuffer(reply) ? reply : undefined;
}
