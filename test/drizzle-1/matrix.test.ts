import { matrix } from '../drizzle/suites/matrix.js';
import { firstDriver } from '../drizzle/support/generation.js';
import { generation1 } from './generation-1.js';

matrix(firstDriver(generation1));
