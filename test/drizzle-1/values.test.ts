import { values } from '../drizzle/suites/values.js';
import { generation1 } from './generation-1.js';

values(generation1);
