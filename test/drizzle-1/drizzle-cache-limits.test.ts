import { drizzleCacheLimits } from '../drizzle/suites/drizzle-cache-limits.js';
import { generation1 } from './generation-1.js';

drizzleCacheLimits(generation1);
