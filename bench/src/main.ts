import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type Finding, isMet } from './finding.js';
import { machine, versions } from './machine.js';
import { type BenchOptions, parseOptions, USAGE } from './options.js';
import { openServers } from './servers.js';
import { LOCAL, type Measure, SERVED } from './suite.js';
import { heading, lineOf } from './table.js';

const options = optionsOrExit();
const { rounds, milliseconds, seed, only } = options;
const effort = { rounds, milliseconds, random: xoroshiro128plus(seed) };
const isWanted = ({ targets }: Measure<never>): boolean => only === undefined || targets.some((name) => only.has(name));
const [local, served] = [LOCAL.filter(isWanted), SERVED.filter(isWanted)];
const verdicts: Array<boolean | undefined> = [];

const servers = served.length === 0 ? undefined : await openServers();
try {
  console.log([machine(), versions(), servers?.versions].filter((text) => text !== undefined).join('\n'));
  console.log(`${rounds} rounds of ${milliseconds} ms, seed ${seed}\n\n${heading()}`);
  for (const measure of local) await show(measure.findings(effort, options));
  if (servers !== undefined) for (const measure of served) await show(measure.findings(effort, servers));
  const [met, missed] = [true, false].map((verdict) => verdicts.filter((found) => found === verdict).length);
  console.log(`\n${met} goals met, ${missed} not met. What they mean: bench/README.md`);
} finally {
  await servers?.close();
}

async function show(findings: AsyncIterable<Finding>): Promise<void> {
  for await (const finding of findings) {
    if (only?.has(finding.target) === false) continue;
    verdicts.push(isMet(finding));
    console.log(lineOf(finding));
  }
}

function optionsOrExit(): BenchOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}
