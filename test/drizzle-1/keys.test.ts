import { keys } from '../drizzle/suites/keys.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

keys(generation1);
keys(generation1MySql);
keys(generation1SQLite);
