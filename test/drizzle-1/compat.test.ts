import { compat } from '../drizzle/suites/compat.js';
import { generation1 } from './generation-1.js';

compat(generation1);
