// npm run bench: prepares the clone and runs the measurements.
import { prepare } from './prepare.mjs';
import { runNode } from './run-node.mjs';

prepare(['bench']);
runNode(['--import', 'tsx', 'bench/src/main.ts', ...process.argv.slice(2)]);
