import { schemaInDatabase } from './suites/schema-in-database.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

schemaInDatabase(generation0);
schemaInDatabase(generation0MySql);
schemaInDatabase(generation0SQLite);
