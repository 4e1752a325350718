import { setup } from '../drizzle/suites/setup.js';
import { generation1 } from './generation-1.js';

setup(generation1);
