import { matrix } from './suites/matrix.js';
import { otherDrivers } from './support/generation.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

for (const generation of [otherDrivers(generation0), generation0MySql, generation0SQLite]) matrix(generation);
