import { outage } from '../drizzle/suites/outage.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

outage(generation1);
outage(generation1MySql);
outage(generation1SQLite);
