// npm run torture: prepares the clone and looks for stale reads under faults.
import { prepare } from './prepare.mjs';
import { runNode } from './run-node.mjs';

prepare(['test/torture']);
runNode(['--import', 'tsx', 'test/torture/main.ts', ...process.argv.slice(2)]);
