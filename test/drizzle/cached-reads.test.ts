import { cachedReads } from './suites/cached-reads.js';
import { generation0 } from './support/generation-0.js';

cachedReads(generation0);
