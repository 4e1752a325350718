import { transactions } from './suites/transactions.js';
import { generation0 } from './support/generation-0.js';

transactions(generation0);
