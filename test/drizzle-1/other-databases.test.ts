import { matrix } from '../drizzle/suites/matrix.js';
import { generation1MySql, generation1SQLite } from './generation-1.js';

matrix(generation1MySql);
matrix(generation1SQLite);
