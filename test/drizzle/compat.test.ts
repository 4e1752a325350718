import { compat } from './suites/compat.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

compat(generation0);
compat(generation0MySql);
compat(generation0SQLite);
