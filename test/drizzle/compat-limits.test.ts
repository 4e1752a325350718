import { compatLimits } from './suites/compat-limits.js';
import { generation0 } from './support/generation-0.js';

compatLimits(generation0);
