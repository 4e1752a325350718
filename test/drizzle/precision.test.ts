import { precision } from './suites/precision.js';
import { generation0 } from './support/generation-0.js';

precision(generation0);
