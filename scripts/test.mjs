// npm test: prepares the clone and runs every test. Arguments are vitest's: npm test -- test/core
import { prepare } from './prepare.mjs';
import { runNode } from './run-node.mjs';

prepare();
runNode(['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]);
