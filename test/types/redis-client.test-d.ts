import { type RedisClient, redis } from '@cachetastic/core/redis';
import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5';
import { expectTypeOf, it } from 'vitest';

it('`redis` accepts the clients of ioredis 5 and 6', () => {
  expectTypeOf<Redis>().toExtend<RedisClient>();
  expectTypeOf<Cluster>().toExtend<RedisClient>();
  expectTypeOf<Redis5>().toExtend<RedisClient>();
  expectTypeOf<Cluster5>().toExtend<RedisClient>();
});

it('`redis` accepts either a URL or a client', () => {
  expectTypeOf(redis).toBeCallableWith({ url: 'redis://localhost' });
  expectTypeOf(redis).toBeCallableWith({ client: new Redis({ lazyConnect: true }), deadline: '20ms' });
  // @ts-expect-error one of the two is needed
  redis({});
  // @ts-expect-error only one of them
  redis({ url: 'redis://localhost', client: new Cluster([], { lazyConnect: true }) });
  // @ts-expect-error a client of another kind
  redis({ client: new Map() });
  // @ts-expect-error a misspelt option
  redis({ url: 'redis://localhost', deadlin: 1 });
});

// Only their types are of interest.
void [Redis5, Cluster5];
