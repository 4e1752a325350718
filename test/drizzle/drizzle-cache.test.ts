import { drizzleCacheSuite } from './suites/drizzle-cache.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

drizzleCacheSuite(generation0);
drizzleCacheSuite(generation0MySql);
drizzleCacheSuite(generation0SQLite);
