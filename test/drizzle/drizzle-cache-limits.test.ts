import { drizzleCacheLimits } from './suites/drizzle-cache-limits.js';
import { generation0 } from './support/generation-0.js';

drizzleCacheLimits(generation0);
