import { cachedReads } from '../drizzle/suites/cached-reads.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

cachedReads(generation1);
cachedReads(generation1MySql);
cachedReads(generation1SQLite);
