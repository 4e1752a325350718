import type { Move, Wrong } from './game.js';
import type { Answer } from './seat.js';
import type { Table } from './table.js';

const TRIALS = 80;

/** Reports a wrong result with as few writes as it takes to get it again. */
export async function explain(table: Table, wrong: Wrong): Promise<string> {
  const { world, seats } = table;
  const { game, round, seat, read, answer, truth, moves } = wrong;
  const last = moves.at(-1);
  const story = [
    `${world.name}, game ${game}, round ${round}: a wrong answer of ${seats[seat]?.name}`,
    `read     ${world.read(read).text()}`,
    `answered ${answer.text} (${answer.status}${answer.reason === undefined ? '' : `, ${answer.reason}`})`,
    `database ${truth}`,
  ];
  if (last === undefined) return story.join('\n');
  const before = moves.slice(0, -1);
  const direct = await fails(table, wrong, before.map(past), [last]);
  if (direct !== undefined) {
    const needed = await fewest(before.map(past), (fewer) => fails(table, wrong, fewer, [last]));
    story.push('Again with these writes past the library, the read warm, and then the last one:');
    story.push(...needed.flat().map((seed) => `before   ${world.write(seed).text()}`));
  } else if ((await fails(table, wrong, [], moves)) !== undefined) {
    const needed = await fewest(before, (fewer) => fails(table, wrong, [], [...fewer, last]));
    story.push('Again with the read warm and these writes of clients that cache:');
    story.push(...needed.flatMap((move) => told(table, move)));
  } else {
    story.push(`Not again with this read alone: repeat the game with --seed ${game}.`);
  }
  return [...story, ...told(table, last)].join('\n');
}

function past({ seeds }: Move): readonly number[] {
  return seeds;
}

function told({ world, seats }: Table, { seat, seeds }: Move): string[] {
  return seeds.map((seed) => `write    by ${seats[seat]?.name}: ${world.write(seed).text()}`);
}

/** The answer, if it is wrong again. */
async function fails(
  table: Table,
  { seat, read }: Wrong,
  before: readonly (readonly number[])[],
  moves: readonly Move[],
): Promise<Answer | undefined> {
  const { base, seats } = table;
  await base.reset();
  for (const seeds of before) await table.prepare(seeds);
  let heard = await seats[0]?.clear();
  for (const each of seats) await each.ask({ seeds: [read], together: false, heard });
  for (const move of moves) heard = (await seats[move.seat]?.write({ ...move, meanwhile: [] }))?.seq ?? heard;
  const [answer] = (await seats[seat]?.ask({ seeds: [read], together: false, heard })) ?? [];
  const [truth] = await table.truth([read]);
  return answer?.text === truth ? undefined : answer;
}

/** As few of `items` as `isEnough` allows, found by leaving out ever smaller parts. */
async function fewest<Item>(
  items: readonly Item[],
  isEnough: (fewer: readonly Item[]) => Promise<unknown>,
): Promise<readonly Item[]> {
  let kept = items;
  let trials = 0;
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length && trials < TRIALS; trials++) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      if ((await isEnough(fewer)) !== undefined) kept = fewer;
      else at += size;
    }
  }
  return kept;
}
