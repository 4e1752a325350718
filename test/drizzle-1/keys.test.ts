import { keys, resultForms } from '../drizzle/suites/keys.js';
import { firstDriver } from '../drizzle/support/generation.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

keys(firstDriver(generation1));
for (const generation of [generation1, generation1MySql, generation1SQLite]) resultForms(generation);
