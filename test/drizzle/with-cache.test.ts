import { withCacheOnQueries } from './suites/with-cache.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

withCacheOnQueries(generation0);
withCacheOnQueries(generation0MySql);
withCacheOnQueries(generation0SQLite);
