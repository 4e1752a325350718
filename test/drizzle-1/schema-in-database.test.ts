import { schemaInDatabase } from '../drizzle/suites/schema-in-database.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

schemaInDatabase(generation1);
schemaInDatabase(generation1MySql);
schemaInDatabase(generation1SQLite);
