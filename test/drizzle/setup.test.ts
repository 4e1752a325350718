import { setup } from './suites/setup.js';
import { generation0 } from './support/generation-0.js';

setup(generation0);
