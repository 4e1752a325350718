import { matrix } from './suites/matrix.js';
import { generation0MySql, generation0SQLite } from './support/generation-0.js';

matrix(generation0MySql);
matrix(generation0SQLite);
