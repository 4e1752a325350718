import { cachedReads } from '../drizzle/suites/cached-reads.js';
import { generation1 } from './generation-1.js';

cachedReads(generation1);
