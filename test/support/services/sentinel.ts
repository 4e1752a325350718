import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { redisRecipe } from './redis.js';
import type { Service } from './service.js';
import { startService } from './start-service.js';

/** The name under which a {@link startSentinel | Sentinel} knows its primary. */
export const SENTINEL_NAME = 'main';

/** The file that Sentinel keeps what it knows in. */
const FILE = 'sentinel.conf';

/** Starts a Sentinel that watches `primary` by itself, and promotes a replica about a second after it is gone. */
export async function startSentinel(primary: Service): Promise<Service> {
  const recipe = redisRecipe();
  const sentinel = await startService({
    ...recipe,
    name: 'Sentinel',
    container: {
      ...recipe.container,
      command: [
        ...['sh', '-c'],
        `touch /tmp/${FILE} && exec redis-server /tmp/${FILE} --sentinel --port 6379 --protected-mode no --dir /tmp`,
      ],
    },
    async prepare(_, data, { uid, gid }) {
      const file = join(data, FILE);
      await writeFile(file, '');
      if (uid !== undefined && gid !== undefined) await chown(file, uid, gid);
    },
    arguments: (data, port) => [
      join(data, FILE),
      ...['--sentinel', '--port', String(port), '--bind', '127.0.0.1', '--dir', data],
    ],
  });
  const admin = new Redis(sentinel.url);
  const { host, port } = primary.peer;
  await admin.call('sentinel', ['monitor', SENTINEL_NAME, host, String(port), '1']);
  for (const [setting, milliseconds] of [
    ['down-after-milliseconds', '500'],
    ['failover-timeout', '3000'],
  ] as const) {
    await admin.call('sentinel', ['set', SENTINEL_NAME, setting, milliseconds]);
  }
  admin.disconnect();
  return sentinel;
}
