import { drizzleCacheGuarantees } from './suites/drizzle-cache-guarantees.js';
import { generation0 } from './support/generation-0.js';

drizzleCacheGuarantees(generation0);
