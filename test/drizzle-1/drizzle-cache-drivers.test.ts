import { drizzleCacheDrivers } from '../drizzle/suites/drizzle-cache-drivers.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

drizzleCacheDrivers(generation1);
drizzleCacheDrivers(generation1MySql);
drizzleCacheDrivers(generation1SQLite);
