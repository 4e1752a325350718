import { intents } from '../drizzle/suites/outage.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

for (const generation of [generation1, generation1MySql, generation1SQLite]) intents(generation);
