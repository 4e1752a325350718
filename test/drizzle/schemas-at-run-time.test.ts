import { schemasAtRunTime } from './suites/schemas-at-run-time.js';
import { generation0 } from './support/generation-0.js';

schemasAtRunTime(generation0);
