import { values } from './suites/values.js';
import { generation0 } from './support/generation-0.js';

values(generation0);
