import { setTimeout as delay } from 'node:timers/promises';
import { startProxy } from '../../support/services/proxy.js';
import { SENTINEL_NAME, startSentinel } from '../../support/services/sentinel.js';
import type { Address, Service } from '../../support/services/service.js';
import { talkTo } from '../../support/services/talk-to.js';
import { waitUntil } from '../../support/services/wait-until.js';
import { newRedis } from '../world.js';
import type { Fault, Hand } from './fault.js';

/** How a replica takes over. */
export const FAIL_OVER_FAULTS: readonly Fault[] = [
  { ...{ id: 'F4', name: 'fail-over that loses the last writes' }, run: failOver },
  { ...{ id: 'F4s', name: 'fail-over by Sentinel' }, run: sentinelFailOver },
  // Strong reads cannot be promised: each half hears only of its own writes.
  { ...{ id: 'F5', name: 'split brain: two take writes', apart: true, modes: ['bounded'] }, run: splitBrain },
];

/** The replica is promoted after it has heard nothing for a while, and the primary is no more. */
async function failOver({ world, lasts }: Hand): Promise<void> {
  const link = await startProxy(world.redis);
  const replica = await startReplica(link);
  await delay(lasts / 4);
  link.cut();
  await delay(lasts / 4);
  await promote(replica);
  await world.moveTo(replica);
  await link.close();
  await delay(lasts / 2);
}

/** The primary dies, Sentinel notices and promotes the replica, and the ways lead where Sentinel says. */
async function sentinelFailOver({ world, lasts }: Hand): Promise<void> {
  const replica = await startReplica(world.redis.peer);
  const sentinel = await startSentinel(world.redis);
  await waitUntil('the Sentinel', async () => {
    const replicas = await talkTo(sentinel, (client) => client.call('sentinel', ['replicas', SENTINEL_NAME]));
    if (!Array.isArray(replicas) || replicas.length === 0) throw new Error('it knows no replica yet');
  });
  await delay(lasts / 4);
  await world.redis.kill();
  await waitUntil('the promotion', async () => {
    const address = await talkTo(sentinel, (client) =>
      client.call('sentinel', ['get-master-addr-by-name', SENTINEL_NAME]),
    );
    if (!Array.isArray(address) || Number(address[1]) !== replica.peer.port) throw new Error('not yet');
  });
  await world.moveTo(replica);
  await sentinel.stop();
  await delay(lasts / 2);
}

/** A replica is promoted while the primary still serves all but one of the processes. */
async function splitBrain({ world, lasts, random }: Hand): Promise<void> {
  const replica = await startReplica(world.redis.peer);
  await promote(replica);
  world.lead(Math.floor(random() * world.ways.length), replica);
  await delay(lasts);
  await world.moveTo(replica);
}

/** One that is in step with `primary`. Told, not configured: it must come back as a primary if it is restarted later. */
async function startReplica(primary: Address): Promise<Service> {
  const replica = await newRedis();
  await talkTo(replica, (redis) => redis.replicaof(primary.host, primary.port));
  await waitUntil('the replica', () =>
    talkTo(replica, async (redis) => {
      if (!/master_link_status:up/.test(await redis.info('replication'))) throw new Error('it is not in step');
    }),
  );
  return replica;
}

function promote(replica: Service): Promise<unknown> {
  return talkTo(replica, (redis) => redis.replicaof('NO', 'ONE'));
}
