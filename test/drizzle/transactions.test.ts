import { transactions } from './suites/transactions.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

transactions(generation0);
transactions(generation0MySql);
transactions(generation0SQLite);
