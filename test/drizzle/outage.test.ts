import { intents, outage } from './suites/outage.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

outage(generation0);
outage(generation0MySql);
outage(generation0SQLite);
for (const generation of [generation0, generation0MySql, generation0SQLite]) intents(generation);
