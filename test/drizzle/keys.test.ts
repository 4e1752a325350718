import { keys } from './suites/keys.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

keys(generation0);
keys(generation0MySql);
keys(generation0SQLite);
