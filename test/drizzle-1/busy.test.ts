import { busy } from '../drizzle/suites/busy.js';
import { generation1SQLite } from './generation-1.js';

busy(generation1SQLite);
