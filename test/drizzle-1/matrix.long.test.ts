import { matrix } from '../drizzle/suites/matrix.js';
import { otherDrivers } from '../drizzle/support/generation.js';
import { generation1, generation1MySql, generation1SQLite } from './generation-1.js';

for (const generation of [otherDrivers(generation1), generation1MySql, generation1SQLite]) matrix(generation);
