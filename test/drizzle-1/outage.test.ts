import { outage } from '../drizzle/suites/outage.js';
import { generation1 } from './generation-1.js';

outage(generation1);
