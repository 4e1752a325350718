import { compare } from './compare.js';
import { machine, versions } from './machine.js';
import { type CompareOptions, parseOptions, USAGE } from './options.js';
import { SCENARIOS } from './scenarios/index.js';
import { tableOf } from './table.js';

const { durations, only } = optionsOrExit();
const wanted = SCENARIOS.filter(({ id }) => only?.some((start) => id.startsWith(start)) ?? true);
if (wanted.length === 0) exit(`--only: there are ${SCENARIOS.map(({ id }) => id).join(', ')}`);

console.log(`${machine()}\n${versions()}\nTimes in milliseconds; two of them are the median and the highest.`);
for (const scenario of wanted) {
  console.log(`\n${scenario.id}. ${scenario.title(durations)}\n`);
  console.log(tableOf(scenario.headings, await compare(scenario, durations)));
}
console.log('\nHow to read it: comparison/README.md');

function optionsOrExit(): CompareOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    return exit(error instanceof Error ? error.message : String(error));
  }
}

function exit(reason: string): never {
  console.error(`${reason}\n\n${USAGE}`);
  process.exit(2);
}
