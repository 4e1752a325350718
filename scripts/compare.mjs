// npm run compare: prepares the clone and compares the cache with others when things go wrong.
import { prepare } from './prepare.mjs';
import { runNode } from './run-node.mjs';

prepare([]);
runNode(['--import', 'tsx', 'comparison/src/main.ts', ...process.argv.slice(2)]);
