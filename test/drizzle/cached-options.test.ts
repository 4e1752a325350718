import { cachedOptions } from './suites/cached-options.js';
import { generation0 } from './support/generation-0.js';

cachedOptions(generation0);
