import { races } from '../drizzle/suites/races.js';
import { firstDriver } from '../drizzle/support/generation.js';
import { generation1 } from './generation-1.js';

races(firstDriver(generation1));
