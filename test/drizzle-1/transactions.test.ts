import { transactions } from '../drizzle/suites/transactions.js';
import { generation1 } from './generation-1.js';

transactions(generation1);
