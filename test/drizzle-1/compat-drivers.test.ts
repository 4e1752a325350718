import { compatDrivers } from '../drizzle/suites/compat-drivers.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

compatDrivers(generation1);
compatDrivers(generation1MySql);
compatDrivers(generation1SQLite);
