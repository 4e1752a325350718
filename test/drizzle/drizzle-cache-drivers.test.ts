import { drizzleCacheDrivers } from './suites/drizzle-cache-drivers.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

drizzleCacheDrivers(generation0);
drizzleCacheDrivers(generation0MySql);
drizzleCacheDrivers(generation0SQLite);
