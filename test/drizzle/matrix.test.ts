import { matrix } from './suites/matrix.js';
import { firstDriver } from './support/generation.js';
import { generation0 } from './support/generation-0.js';

matrix(firstDriver(generation0));
