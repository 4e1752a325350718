import { values } from './suites/values.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

values(generation0);
values(generation0MySql);
values(generation0SQLite);
