import { drizzleCacheSuite } from '../drizzle/suites/drizzle-cache.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

drizzleCacheSuite(generation1);
drizzleCacheSuite(generation1MySql);
drizzleCacheSuite(generation1SQLite);
