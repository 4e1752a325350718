import { sessionChanges } from './suites/session-changes.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

sessionChanges(generation0);
sessionChanges(generation0MySql);
sessionChanges(generation0SQLite);
