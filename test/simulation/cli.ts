import { parseArgs } from 'node:util';
import { runMutant } from './mutant-run.js';
import { MUTANTS } from './mutants.js';
import { formatMutants, formatOutcomes } from './report.js';
import { type Outcome, replay, simulate } from './run.js';
import { MODES, type Mode } from './settings.js';

const HELP = `npm run simulate -- [options]
  --mode bounded|strong   which promise; or both: replicas (they lag), neighbours (several caches in each process),
                          servers (of the log: clocks are set, brains are split); all if absent
  --seeds 2000            how many worlds, or how many for each mutant (5000)
  --first 1               the first of them
  --seed 123              tells the story of one: the last --lines 60 before its first failure
  --mutants               breaks each rule and sees that it shows; --only <part of a name> for some
  --until-failure         ends at the first failure`;

const { values } = parseArgs({
  options: {
    mode: { type: 'string', multiple: true, default: [...MODES] },
    first: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    /** Replays one and tells its story. */
    seed: { type: 'string' },
    lines: { type: 'string', default: '60' },
    mutants: { type: 'boolean', default: false },
    /** Only those whose name contains it. */
    only: { type: 'string', default: '' },
    'until-failure': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const modes = values.mode.map(toMode);

if (values.help) console.log(HELP);
else if (values.mutants) process.exitCode = await mutate();
else if (values.seed !== undefined) {
  for (const mode of modes) console.log(await replay(mode, Number(values.seed), Number(values.lines)));
} else process.exitCode = await search();

async function search(): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const mode of modes) {
    const seeds = Number(values.seeds ?? 2_000);
    const plan = { mode, first: Number(values.first), seeds, untilFailure: values['until-failure'] };
    const outcome = await simulate(plan);
    outcomes.push(outcome);
    if (values.json) {
      console.log(JSON.stringify({ ...outcome, failures: outcome.failures.slice(0, 1) }));
      continue;
    }
    for (const { seed, what } of outcome.failures.slice(0, 10)) console.log(`${mode}, seed ${seed}: ${what}\n`);
    const failure = outcome.failures[0];
    if (failure !== undefined) console.log(`${await replay(mode, failure.seed, Number(values.lines))}\n`);
  }
  if (!values.json) console.log(formatOutcomes(outcomes));
  return outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
}

async function mutate(): Promise<number> {
  const wanted = MUTANTS.filter(({ name }) => name.includes(values.only)).values();
  const outcomes: Awaited<ReturnType<typeof runMutant>>[] = [];
  const work = async (): Promise<void> => {
    for (const mutant of wanted) {
      const outcome = await runMutant(mutant, Number(values.seeds ?? 5_000));
      outcomes.push(outcome);
      const { caughtBy, seeds, what } = outcome;
      console.error(
        `${mutant.name}: ${caughtBy === undefined ? 'SURVIVED' : `seed ${caughtBy}`} (${seeds} played) ${what}`,
      );
    }
  };
  await Promise.all([work(), work()]);
  console.log(formatMutants(outcomes));
  return outcomes.some(({ caughtBy }) => caughtBy === undefined) ? 1 : 0;
}

function toMode(text: string): Mode {
  const mode = MODES.find((each) => each === text);
  if (mode === undefined) throw new Error(`--mode is one of ${MODES.join(', ')}, not ${text}.`);
  return mode;
}
