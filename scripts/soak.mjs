// npm run soak: minutes of load that could make a client grow, many clients opened and closed, and damaged entries in Redis.
import { parseArgs } from 'node:util';
import { environment, prepare } from './prepare.mjs';
import { runNode } from './run-node.mjs';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } } });
for (const name of ['minutes', 'seed']) {
  if (values[name] === undefined) continue;
  if (!(Number(values[name]) >= 0)) {
    console.error(`--${name} must be a number, got ${values[name]}.`);
    process.exit(1);
  }
  environment[`SOAK_${name.toUpperCase()}`] = values[name];
}

prepare();
runNode(['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.long.config.ts', 'test/soak']);
