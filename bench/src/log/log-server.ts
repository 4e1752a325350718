import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { startRedis } from '../../../test/support/services/redis.js';
import type { OpenOptions } from './tasks.js';

/** What Redis has spent since it was started. */
export interface Spent {
  /** Of its main thread, in microseconds. */
  readonly cpu: number;
  /** How many scripts it ran. */
  readonly scripts: number;
  /** In these scripts, in microseconds. */
  readonly inScripts: number;
}

/** A Redis of our own, so that what it spends is spent for us, and the names of one measurement in it. */
export class LogServer {
  readonly url: string;
  readonly client: Redis;
  readonly #stop: () => Promise<void>;

  static async start(): Promise<LogServer> {
    const service = await startRedis();
    return new LogServer(service.url, () => service.stop());
  }

  private constructor(url: string, stop: () => Promise<void>) {
    this.url = url;
    this.client = new Redis(url);
    this.#stop = stop;
  }

  /** A namespace that nobody used before. */
  options(): OpenOptions {
    return { url: this.url, namespace: `bench-${randomBytes(4).toString('hex')}` };
  }

  /** The position of the last record. */
  async head({ namespace }: OpenOptions): Promise<number> {
    const [, head] = (await this.client.get(`{ct:${namespace}:bench}:v`))?.split(':') ?? [];
    return Number(head);
  }

  async spent(): Promise<Spent> {
    const info = await this.client.info('everything');
    const numberOf = (pattern: RegExp): number => Number(pattern.exec(info)?.[1] ?? 0);
    return {
      cpu: 1e6 * (numberOf(/^used_cpu_sys:([\d.]+)/m) + numberOf(/^used_cpu_user:([\d.]+)/m)),
      scripts: numberOf(/^cmdstat_evalsha:calls=(\d+)/m),
      inScripts: numberOf(/^cmdstat_evalsha:.*?usec=(\d+)/m),
    };
  }

  async close(): Promise<void> {
    this.client.disconnect();
    await this.#stop();
  }
}

/** Lends `measure` a server of its own. */
export async function* withLogServer<Item>(measure: (server: LogServer) => AsyncIterable<Item>): AsyncGenerator<Item> {
  const server = await LogServer.start();
  try {
    yield* measure(server);
  } finally {
    await server.close();
  }
}
