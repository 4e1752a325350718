import { Redis } from 'ioredis';
import { startRedis, talkTo } from '../../support/services/index.js';
import type { Address, Service } from '../../support/services/service.js';
import { until } from './open-redis.js';

/** The slots of a Cluster, and how they are shared by three primaries. */
const SHARES = [
  [0, 5_460],
  [5_461, 10_922],
  [10_923, 16_383],
] as const;

/** A Cluster of three primaries, of which one has a replica. */
export interface ReplicatedCluster {
  readonly addresses: Address[];
  /** The one that has a certain key, with a replica. */
  readonly primary: Service;
  readonly replica: Service;
  /** One of the others. */
  readonly other: Service;
  isPrimary(node: Service): Promise<boolean>;
  stop(): Promise<void>;
}

/** Starts one of which the primary that has `key` is replicated, and replaced within some seconds if it hangs. */
export async function startReplicatedCluster(key: string): Promise<ReplicatedCluster> {
  const config = {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': '2000',
    'cluster-require-full-coverage': 'no',
    'cluster-replica-validity-factor': '0',
  };
  const nodes = await Promise.all(Array.from({ length: 4 }, () => startRedis({ config })));
  const clients = nodes.map(({ url }) => new Redis(url));
  const [first] = nodes as [Service];
  for (const [index, client] of clients.entries()) {
    const [from, to] = SHARES[index] ?? [0, -1];
    if (to > 0) await client.call('cluster', ['addslotsrange', from, to]);
    if (index > 0) await client.cluster('MEET', first.peer.host, first.peer.port);
  }
  const infos = async (): Promise<string[]> => Promise.all(clients.map(async (client) => client.cluster('INFO')));
  await until(async () =>
    (await infos()).every((info) => info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:4')),
  );
  const slot = Number(await clients[0]?.cluster('KEYSLOT', key));
  const owner = SHARES.findIndex(([from, to]) => slot >= from && slot <= to);
  const id = String(await clients[owner]?.cluster('MYID'));
  await until(async () => {
    await clients[3]?.cluster('REPLICATE', id);
    return true;
  });
  await until(async () => /master_link_status:up/.test((await clients[3]?.info('replication')) ?? ''));
  // Its address is known to the others, which elect it.
  await until(async () => {
    const known = await Promise.all(clients.slice(0, 3).map(async (client) => String(await client.cluster('NODES'))));
    return known.every((list) => /slave/.test(list));
  });
  for (const client of clients) client.disconnect();
  return {
    addresses: nodes.slice(0, 3).map(({ host, port }) => ({ host, port })),
    primary: nodes[owner] as Service,
    replica: nodes[3] as Service,
    other: nodes[(owner + 1) % 3] as Service,
    isPrimary: async (node) => (await talkTo(node, (client) => client.info('replication'))).includes('role:master'),
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}
