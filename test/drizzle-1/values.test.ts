import { values } from '../drizzle/suites/values.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

values(generation1);
values(generation1MySql);
values(generation1SQLite);
