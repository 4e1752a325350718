import { transactions } from '../drizzle/suites/transactions.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

transactions(generation1);
transactions(generation1MySql);
transactions(generation1SQLite);
