import { keys, resultForms } from './suites/keys.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

for (const generation of [generation0, generation0MySql, generation0SQLite]) {
  keys(generation);
  resultForms(generation);
}
