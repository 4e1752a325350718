// npm run simulate: plays seeded worlds, or mutants of the sources. Options: test/simulation/cli.ts.
import { environment, prepare } from './prepare.mjs';
import { runNode } from './run-node.mjs';

prepare([]);
environment.TSX_TSCONFIG_PATH = 'test/tsconfig.json';
runNode(['--import', 'tsx', 'test/simulation/cli.ts', ...process.argv.slice(2)]);
