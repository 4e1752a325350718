import { setTimeout as delay } from 'node:timers/promises';
import { type NetworkProxy, startProxy } from '../../test/support/services/proxy.js';
import { startRedis } from '../../test/support/services/redis.js';
import type { Service } from '../../test/support/services/service.js';
import type { Contestant } from './contestants/index.js';
import { type Meeting, Turns } from './meeting.js';
import type { CacheNode } from './node/cache-node.js';
import { LocalNode } from './node/local-node.js';
import { NodeCrashedError, NodeProcess } from './node/node-process.js';
import { Rows } from './origin.js';

/** What one contestant plays one scenario in: rows, a Redis and nodes that belong to it alone. */
export interface World {
  readonly rows: Rows;
  readonly redis: Service;

  /** Opens a node. @param way - Its way to Redis. @defaultValue the direct one */
  openNode(way?: NetworkProxy): Promise<CacheNode>;
  /** A way to Redis that can be cut. */
  openWay(): Promise<NetworkProxy>;
  /** Resolves when every contestant has its nodes: none of them meets the fault while processes of others start. */
  begin(): Promise<void>;

  close(): Promise<void>;
}

export interface WorldOptions {
  /** How long answers are fresh, in seconds. */
  readonly ttl: number;
  /** Where nodes live. @defaultValue `'processes'`: each in one of its own */
  readonly nodes?: 'processes' | 'here' | undefined;
  /** Whom to wait for. @defaultValue nobody */
  readonly meeting?: Meeting | undefined;
}

/** How often a node is opened whose process ends meanwhile, and how long its connections are given, in milliseconds. */
const ATTEMPTS = 5;
const CONNECTING = 250;

/** Nodes open one at a time: a busy machine would spoil the connections of caches that have a deadline. */
const turns = new Turns();

export async function openWorld(
  contestant: Contestant,
  { ttl, nodes = 'processes', meeting }: WorldOptions,
): Promise<World> {
  const rows = new Rows();
  const redis = await startRedis();
  const opened: CacheNode[] = [];
  const ways: NetworkProxy[] = [];

  /** A deadline that a busy machine misses while a cache connects is no finding, even if it ends the process. */
  const open = async (redisUrl: string, attempt = 1): Promise<CacheNode> => {
    const opening = { redisUrl, ttl };
    const node =
      nodes === 'here'
        ? new LocalNode(contestant.open(opening), rows)
        : await NodeProcess.start({ contestant: contestant.name, ...opening }, rows);
    opened.push(node);
    try {
      await delay(CONNECTING);
      await node.read('opening-0');
      return node;
    } catch (error) {
      if (attempt < ATTEMPTS && error instanceof NodeCrashedError) return open(redisUrl, attempt + 1);
      throw error;
    }
  };

  return {
    rows,
    redis,
    openNode: (way) => turns.take(() => open(way === undefined ? redis.url : way.url(redis.url))),
    async begin() {
      await meeting?.arrive(contestant.name);
    },
    async openWay() {
      const way = await startProxy(redis);
      ways.push(way);
      return way;
    },
    async close() {
      await Promise.all(opened.map((node) => node.close()));
      await Promise.all(ways.map((way) => way.close()));
      await redis.stop();
    },
  };
}
