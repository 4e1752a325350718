// npm start: prepares the clone and runs the example.
import { prepare } from './prepare.mjs';
import { runNode } from './run-node.mjs';

prepare(['examples']);
runNode(['--import', 'tsx', 'examples/postgres/src/main.ts', ...process.argv.slice(2)]);
