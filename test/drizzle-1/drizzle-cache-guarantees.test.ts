import { drizzleCacheGuarantees } from '../drizzle/suites/drizzle-cache-guarantees.js';
import { generation1 } from './generation-1.js';

drizzleCacheGuarantees(generation1);
