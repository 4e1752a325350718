import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { findRedisServer, PrivateRedis } from './private-redis.js';

/** The Redis of this run, whichever it is. */
export interface SharedRedis {
  /** What it is and where, for people. */
  readonly label: string;
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The server at `REDIS_URL`, or else a private one if this machine has `redis-server`, or else none.
 *
 * @param namespace - What is stored under it, and under names that begin with it and a point, is removed when this process ends.
 */
export async function openRedis(namespace: string): Promise<SharedRedis | undefined> {
  const url = process.env['REDIS_URL'];
  if (url) {
    await (await connect(url)).quit();
    process.on('exit', () => sweep(url, namespace));
    return { label: `Redis at ${new URL(url).host}`, url, close: async () => {} };
  }
  const program = findRedisServer();
  if (program === undefined) return undefined;
  const redis = await PrivateRedis.start(program);
  const { host } = new URL(redis.url);
  return { label: `a private ${program} at ${host}, for this run`, url: redis.url, close: () => redis.close() };
}

/** Connects once. @throws if the server cannot be reached. */
export async function connect(url: string): Promise<Redis> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  let cause: unknown;
  redis.on('error', (error) => {
    cause = error;
  });
  try {
    await redis.connect();
  } catch (error) {
    throw new Error('The server at REDIS_URL cannot be reached.', { cause: cause ?? error });
  }
  return redis;
}

/** In a process of its own: one that ends, perhaps because it was interrupted, cannot wait for an answer. */
function sweep(url: string, namespace: string): void {
  const program = fileURLToPath(new URL('sweep.ts', import.meta.url));
  spawnSync(process.execPath, [...process.execArgv, program, url, namespace], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
