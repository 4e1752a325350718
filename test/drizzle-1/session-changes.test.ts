import { sessionChanges } from '../drizzle/suites/session-changes.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

sessionChanges(generation1);
sessionChanges(generation1MySql);
sessionChanges(generation1SQLite);
