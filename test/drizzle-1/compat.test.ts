import { compat } from '../drizzle/suites/compat.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

compat(generation1);
compat(generation1MySql);
compat(generation1SQLite);
