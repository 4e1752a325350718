import { sessionChanges } from '../drizzle/suites/session-changes.js';
import { firstDriver } from '../drizzle/support/generation.js';
import { generation1 } from './generation-1.js';

sessionChanges(firstDriver(generation1));
