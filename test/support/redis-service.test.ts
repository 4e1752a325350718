import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import { type RedisSettings, type Service, startRedis, waitUntil } from './services/index.js';

const open: Array<{ stop(): Promise<void> }> = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

async function start(settings?: RedisSettings): Promise<Service> {
  const service = await startRedis(settings);
  open.push(service);
  return service;
}

function clientOf(service: Service, commandTimeout = 10_000): Redis {
  const client = new Redis(service.url, { commandTimeout });
  client.on('error', () => undefined); // lost connections are what these tests are about
  open.push({ stop: async () => client.disconnect() });
  return client;
}

it('a paused Redis keeps its connections and does not respond until it is resumed', async () => {
  const service = await start();
  const client = clientOf(service, 300);
  await client.set('key', 'value');

  await service.pause();
  await expect(client.get('key')).rejects.toThrow('timed out');
  await service.resume();

  expect(await waitUntil('an answer', () => client.get('key'))).toBe('value');
});

it('a killed Redis restarts empty', async () => {
  const service = await start();
  const client = clientOf(service);
  await client.set('key', 'value');

  await service.kill();
  await service.restart();

  expect(await client.get('key')).toBeNull();
});

it('a killed Redis that persists restarts with every acknowledged write, unless it is to be empty', async () => {
  const service = await start({ persistent: true });
  const client = clientOf(service);
  await client.set('key', 'value');

  await service.kill();
  await service.restart();
  expect(await client.get('key')).toBe('value');

  await service.restart({ empty: true });
  expect(await client.get('key')).toBeNull();
});

it('a Redis with a password refuses clients without it', async () => {
  const service = await start({ password: 'open sesame' });
  const stranger = new Redis(service.port, service.host);
  stranger.on('error', () => undefined);
  open.push({ stop: async () => stranger.disconnect() });

  expect(await clientOf(service).ping()).toBe('PONG');
  await expect(stranger.get('key')).rejects.toThrow('NOAUTH');
});

it('a full Redis refuses writes', async () => {
  const client = clientOf(await start({ maxMemory: '2mb' }));

  const fill = async (): Promise<void> => {
    for (let n = 0; n < 100; n++) await client.set(`key${n}`, 'x'.repeat(100_000));
  };

  await expect(fill()).rejects.toThrow('OOM');
});

it('a replica copies its primary and refuses writes', async () => {
  const primary = await start();
  const replica = clientOf(await start({ replicaOf: primary.peer }));

  await clientOf(primary).set('key', 'value');

  await waitUntil('replication', async () => expect(await replica.get('key')).toBe('value'));
  await expect(replica.set('key', 'other')).rejects.toThrow('READONLY');
});
