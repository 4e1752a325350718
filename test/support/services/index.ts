export { startPostgres } from './postgres.js';
export type { NetworkProxy } from './proxy.js';
export { startProxy } from './proxy.js';
export type { RedisSettings } from './redis.js';
export { startRedis } from './redis.js';
export type { Provider, RestartOptions, Service } from './service.js';
export type { TestDatabase } from './shared.js';
export { createDatabase, sharedPostgres, sharedRedis, uniqueNamespace } from './shared.js';
export { waitUntil } from './wait-until.js';
