import { schemasAtRunTime } from '../drizzle/suites/schemas-at-run-time.js';
import { generation1 } from './generation-1.js';

schemasAtRunTime(generation1);
