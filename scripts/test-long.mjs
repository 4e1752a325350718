// npm run test:long: random reads and writes, each cached read compared with the database, for as long as --minutes says.
import { parseArgs } from 'node:util';
import { environment, prepare } from './prepare.mjs';
import { runNode } from './run-node.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    reads: { type: 'string' },
    seed: { type: 'string' },
    worlds: { type: 'string' },
  },
});

for (const name of ['minutes', 'reads', 'seed']) {
  if (values[name] !== undefined && !(Number(values[name]) >= 0)) {
    console.error(`--${name} must be a number, got ${values[name]}.`);
    process.exit(1);
  }
  if (values[name] !== undefined) environment[`DIFFERENTIAL_${name.toUpperCase()}`] = values[name];
}
if (values.worlds !== undefined) environment.DIFFERENTIAL_WORLDS = values.worlds;

prepare();
// The worlds of an ORM are in one file. A file of which no world is asked for would count as failed.
const asked = values.worlds?.split(',').map((world) => `test/differential/${world.split('-')[0]}.test.ts`);
runNode(['node_modules/vitest/vitest.mjs', 'run', ...new Set(asked ?? ['test/differential'])]);
