// npm run test:long: the long tests, test/**/*.long.test.ts. Arguments without an option are vitest's filters.
// An option of the differential test runs that test alone: see CONTRIBUTING.md.
import { parseArgs } from 'node:util';
import { environment, prepare } from './prepare.mjs';
import { runNode } from './run-node.mjs';

const { values, positionals, tokens } = parseArgs({
  options: {
    minutes: { type: 'string' },
    reads: { type: 'string' },
    seed: { type: 'string' },
    worlds: { type: 'string' },
  },
  strict: false,
  allowPositionals: true,
  tokens: true,
});

const DIFFERENTIAL = ['minutes', 'reads', 'seed', 'worlds'];
for (const name of ['minutes', 'reads', 'seed']) {
  if (values[name] !== undefined && !(Number(values[name]) >= 0)) {
    console.error(`--${name} must be a number, got ${values[name]}.`);
    process.exit(1);
  }
}
for (const name of DIFFERENTIAL) {
  if (values[name] !== undefined) environment[`DIFFERENTIAL_${name.toUpperCase()}`] = values[name];
}

// The worlds of an ORM are in one file. A file of which no world is asked for would count as failed.
const worlds = values.worlds?.split(',').map((world) => `test/differential/${world.split('-')[0]}.long.test.ts`);
const isDifferential = DIFFERENTIAL.some((name) => values[name] !== undefined);
const files = isDifferential ? [...new Set(worlds ?? ['test/differential'])] : positionals;
const rest = tokens.filter(({ kind, name }) => kind === 'option' && !DIFFERENTIAL.includes(name));

prepare();
runNode([
  ...['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.long.config.ts'],
  ...rest.map(({ rawName, value }) => (value === undefined ? rawName : `${rawName}=${value}`)),
  ...files,
]);
