import { compatLimits } from '../drizzle/suites/compat-limits.js';
import { generation1 } from './generation-1.js';

compatLimits(generation1);
