import { parseArgs } from 'node:util';
import { replay, simulate } from './run.js';
import type { Mode } from './settings.js';

const { values } = parseArgs({
  options: {
    mode: { type: 'string' },
    seeds: { type: 'string', default: '2000' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
    lines: { type: 'string', default: '60' },
  },
});
const mode = (values.mode ?? 'bounded') as Mode;
if (values.seed !== undefined) {
  console.log(await replay(mode, Number(values.seed), Number(values.lines)));
} else {
  const outcome = await simulate({ mode, first: Number(values.first), seeds: Number(values.seeds) });
  for (const { seed, what } of outcome.failures.slice(0, 10)) console.log(`seed ${seed}: ${what}`);
  const { failures, ...rest } = outcome;
  console.log({ ...rest, failures: failures.length, perSecond: Math.round((outcome.seeds / outcome.milliseconds) * 1000) });
}
