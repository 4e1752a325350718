import { precision } from '../drizzle/suites/precision.js';
import { generation1 } from './generation-1.js';

precision(generation1);
