import { compat } from './suites/compat.js';
import { generation0 } from './support/generation-0.js';

compat(generation0);
