import { compatDrivers } from './suites/compat-drivers.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

compatDrivers(generation0);
compatDrivers(generation0MySql);
compatDrivers(generation0SQLite);
