import { Redis } from 'ioredis';
import { unpackDebian } from './packaged-debian.js';
import type { Recipe } from './recipe.js';
import type { Address, Service } from './service.js';
import { startService } from './start-service.js';

/** How a private Redis is set up. */
export interface RedisSettings {
  /** Every acknowledged write survives kill and restart. @defaultValue `false`: it comes back empty */
  readonly persistent?: boolean;
  /** What clients must give. It is in the service's URL. */
  readonly password?: string;
  /** As in redis.conf: `'2mb'`. Writes fail beyond it, unless `config` sets another policy. */
  readonly maxMemory?: string;
  /** Copies this primary: its `peer` address. */
  readonly replicaOf?: Address;
  /** Commands that it does not have, as an older server. */
  readonly without?: readonly string[];
  /** Anything else of redis.conf. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Starts a Redis that belongs to the caller alone: to be paused, killed, filled up. Others share one through `sharedRedis`. */
export function startRedis(settings: RedisSettings = {}): Promise<Service> {
  return startService(redisRecipe(settings));
}

/** How Redis is run with `settings`. */
export function redisRecipe(settings: RedisSettings = {}): Recipe {
  const given = flags(settings);
  return {
    name: 'Redis',
    executable: 'redis-server',
    folders: ['/usr/local/bin', '/opt/homebrew/bin', '/usr/sbin'],
    hint: 'Set REDIS_URL, start Docker, or install Redis (apt install redis-server, brew install redis)',
    container: {
      image: 'redis:7-alpine',
      port: 6379,
      // A replica and its primary are different containers, hence no protected mode.
      command: ['redis-server', '--protected-mode', 'no', '--dir', '/tmp', ...given],
      environment: {},
    },

    url: (host, port) => {
      const password = settings.password === undefined ? '' : `:${encodeURIComponent(settings.password)}@`;
      return `redis://${password}${host}:${port}`;
    },

    async check(host, port) {
      const { password } = settings;
      const client = new Redis({
        ...{ host, port, lazyConnect: true, connectTimeout: 2_000, commandTimeout: 2_000, retryStrategy: () => null },
        ...(password === undefined ? {} : { password }),
      });
      // `connect` rejects as well; without a listener the same error would be printed.
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.ping();
      } finally {
        client.disconnect();
      }
    },

    unpack: () => unpackDebian({ name: 'redis', packages: ['redis-server'], family: /^(redis|lua)/, bin: 'bin' }),
    prepare: () => Promise.resolve(),
    arguments: (data, port) => ['--port', String(port), '--bind', '127.0.0.1', '--dir', data, ...given],
  };
}

function flags(settings: RedisSettings): readonly string[] {
  const { persistent, password, maxMemory, replicaOf, without = [], config = {} } = settings;
  return [
    // A replica is copied to at once rather than after a wait for others that may come.
    ...['--save', '', '--repl-diskless-sync-delay', '0'],
    ...(persistent === true ? ['--appendonly', 'yes', '--appendfsync', 'always'] : []),
    ...(password === undefined ? [] : ['--requirepass', password, '--masterauth', password]),
    ...(maxMemory === undefined ? [] : ['--maxmemory', maxMemory]),
    ...(replicaOf === undefined ? [] : ['--replicaof', replicaOf.host, String(replicaOf.port)]),
    ...without.flatMap((command) => ['--rename-command', command, '']),
    ...Object.entries(config).flatMap(([name, value]) => [`--${name}`, value]),
  ];
}
