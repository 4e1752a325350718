import { withCacheOnQueries } from '../drizzle/suites/with-cache.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

withCacheOnQueries(generation1);
withCacheOnQueries(generation1MySql);
withCacheOnQueries(generation1SQLite);
