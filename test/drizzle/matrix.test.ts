import { matrix } from './suites/matrix.js';
import { generation0 } from './support/generation-0.js';

matrix(generation0);
