import { cachedReads } from './suites/cached-reads.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

cachedReads(generation0);
cachedReads(generation0MySql);
cachedReads(generation0SQLite);
