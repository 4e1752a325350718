import { cachedOptions } from '../drizzle/suites/cached-options.js';
import { generation1 } from './generation-1.js';

cachedOptions(generation1);
