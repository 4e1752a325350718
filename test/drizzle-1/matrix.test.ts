import { matrix } from '../drizzle/suites/matrix.js';
import { generation1 } from './generation-1.js';

matrix(generation1);
