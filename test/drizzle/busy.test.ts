import { busy } from './suites/busy.js';
import { generation0SQLite } from './support/generation-0.js';

busy(generation0SQLite);
