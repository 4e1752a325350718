import { compatGuarantees } from './suites/compat-guarantees.js';
import { generation0 } from './support/generation-0.js';

compatGuarantees(generation0);
