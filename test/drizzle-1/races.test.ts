import { races } from '../drizzle/suites/races.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

races(generation1);
races(generation1MySql);
races(generation1SQLite);
