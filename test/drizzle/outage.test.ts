import { outage } from './suites/outage.js';
import { generation0 } from './support/generation-0.js';

outage(generation0);
