import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createQueryCache, type QueryCache, type QueryCacheOptions } from '@cachetastic/core';
import { redis } from '@cachetastic/core/redis';
import { Redis } from 'ioredis';
import { updateOf } from './changes.js';
import { type Heard, listeningTo } from './heard-records.js';
import { now } from './now.js';
import { type Pace, pace } from './pace.js';
import { RowWatch, type Sightings } from './row-watch.js';

/** The cache of a worker. */
export interface OpenOptions {
  readonly url: string;
  readonly namespace: string;
  readonly intents?: QueryCacheOptions['intents'];
}

/** What a worker has done so far. */
export interface Progress extends Heard {
  /** In microseconds, of all its threads. */
  readonly cpu: number;
  readonly seq: number;
  readonly resets: number;
}

/** What a worker wrote. */
export interface Written {
  /** In milliseconds. */
  readonly took: number;
  /** How many writes the log took. */
  readonly acknowledged: number;
}

/** When writes, and raw messages, were acknowledged, by their number. */
export interface Acknowledged {
  readonly writes: number[];
  readonly messages: number[];
}

/** What a worker can be asked to do. Inputs and answers are what a message can carry. */
export class Tasks {
  readonly #heard: Heard = { records: 0, outOfOrder: 0 };
  #cache: QueryCache | undefined;
  #raw: Redis | undefined;
  /** Of raw messages. */
  #channel = '';
  #watch: RowWatch | undefined;

  /** Opens the cache. Resolves when it was told of a record. */
  async open({ url, namespace, intents = false }: OpenOptions): Promise<void> {
    const shared = listeningTo(redis({ url, deadline: '10s' }), this.#heard);
    const options = { namespace, database: 'bench', shared, intents };
    this.#cache = createQueryCache(options);
    this.#raw = new Redis(url);
    this.#channel = `${namespace}:raw`;
    while (this.#heard.records === 0) {
      await this.#cache.invalidate(updateOf('others', 0));
      await setImmediate();
    }
  }

  progress(): Progress {
    const { user, system } = process.cpuUsage();
    const { log, logResets } = this.#opened.stats();
    return { ...this.#heard, cpu: user + system, seq: log.seq ?? 0, resets: logResets };
  }

  /** Resolves when the cache has heard of everything up to `seq`. */
  async hear({ seq }: { readonly seq: number }): Promise<void> {
    while ((this.#opened.stats().log.seq ?? 0) < seq) await setImmediate();
  }

  /** Writes rows of a model that nobody reads. */
  async write(asked: Pace): Promise<Written> {
    const cache = this.#opened;
    const before = cache.stats().invalidations;
    const took = await pace(asked, (row) => {
      const described = () => updateOf('posts', row);
      return cache.write(async () => {}, described, described);
    });
    return { took, acknowledged: cache.stats().invalidations - before };
  }

  /** Writes the rows of {@link watchRows} in turn, and a raw message with each. */
  async writeRows({ rows, ...asked }: Pace & { readonly rows: number }): Promise<Acknowledged> {
    const acknowledged: Acknowledged = { writes: [], messages: [] };
    const timed = async (work: Promise<unknown>, which: number, times: number[]): Promise<void> => {
      await work;
      times[which] = now();
    };
    await pace(asked, async (which) => {
      const described = () => updateOf('users', which % rows);
      await Promise.all([
        timed(
          this.#opened.write(async () => {}, described),
          which,
          acknowledged.writes,
        ),
        timed(this.#client.publish(this.#channel, String(which)), which, acknowledged.messages),
      ]);
    });
    return acknowledged;
  }

  /** Watches `rows` users, and the raw messages. */
  async watchRows({ rows }: { readonly rows: number }): Promise<void> {
    this.#watch = await RowWatch.start(this.#opened, rows, this.#client, this.#channel);
  }

  async unwatchRows(): Promise<Sightings> {
    return (await this.#watch?.end()) ?? { misses: [], messages: [] };
  }

  /** Subscribes `count` times to `channel`, and heeds nothing of what comes. */
  async subscribe({ channel, count }: { readonly channel: string; readonly count: number }): Promise<void> {
    const { host, port } = this.#client.options;
    for (let made = 0; made < count; made += 1) {
      const socket = connect(port ?? 6_379, host ?? '127.0.0.1');
      socket.write(`SUBSCRIBE ${channel}\r\n`);
      await once(socket, 'data');
      socket.resume();
    }
  }

  /** Hears `channel` as a program would that has no cache. */
  async listen({ channel }: { readonly channel: string }): Promise<void> {
    let heard = 0;
    this.#client.on('message', () => void heard++);
    await this.#client.subscribe(channel);
  }

  async close(): Promise<void> {
    this.#client.disconnect();
    await this.#cache?.close();
  }

  get #client(): Redis {
    if (this.#raw === undefined) throw new Error('The worker was not opened.');
    return this.#raw;
  }

  get #opened(): QueryCache {
    if (this.#cache === undefined) throw new Error('The worker was not opened.');
    return this.#cache;
  }
}
