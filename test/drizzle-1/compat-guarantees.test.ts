import { compatGuarantees } from '../drizzle/suites/compat-guarantees.js';
import { generation1 } from './generation-1.js';

compatGuarantees(generation1);
