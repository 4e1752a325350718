// npm run consumers: prepares the clone, packs the packages and uses them in other people's set-ups. Arguments are vitest's.
import { prepare } from './prepare.mjs';
import { runNode } from './run-node.mjs';

prepare([]);
runNode(['node_modules/vitest/vitest.mjs', 'run', '--config', 'consumers/vitest.config.ts', ...process.argv.slice(2)]);
