import { ask, askCached, type Clients } from '../clients.js';
import type { Finding } from '../finding.js';
import { HUNDRED, ONE, TEN } from '../questions.js';
import { type Effort, race } from '../race.js';
import { exactly } from '../spread.js';

/** T7 and T8: many misses at once, of different questions and of the same one. */
export async function* crowds(effort: Effort, { plain, inMemory, both }: Clients): AsyncGenerator<Finding> {
  const different = await race(
    {
      uncached: (call) => together(32, (at) => ask(plain, ONE, 32 * call + at)),
      misses: (call) => together(32, (at) => askCached(both, ONE, 32 * call + at, call)),
    },
    effort,
  );
  const what = '32 misses at once in memory and Redis ÷ uncached, 1 row';
  yield { target: 'T7', what, goal: { atMost: 1.8 }, found: different.ratio('misses', 'uncached') };

  const before = inMemory.$cache.stats().loads;
  await together(100, () => askCached(inMemory, TEN, 0, -100));
  const loads = exactly(inMemory.$cache.stats().loads - before);
  yield { target: 'T8', what: 'loads for 100 identical misses at once', goal: { atMost: 1 }, found: loads };

  for (const question of [TEN, HUNDRED]) {
    const { name } = question;
    const same = await race(
      {
        single: (call) => ask(plain, question, call),
        uncoalesced: (call) => together(100, () => ask(plain, question, call)),
        misses: (call) => together(100, () => askCached(inMemory, question, call, call)),
      },
      effort,
    );
    const goals = question === TEN ? [{ atMost: 2.5 }, { atLeast: 30 }] : [];
    const [single, uncoalesced] = [same.ratio('misses', 'single'), same.ratio('uncoalesced', 'misses')];
    yield { target: 'T8', what: `100 identical misses ÷ one query, ${name}`, goal: goals[0], found: single };
    yield { target: 'T8', what: `100 queries ÷ 100 identical misses, ${name}`, goal: goals[1], found: uncoalesced };
  }
}

function together(count: number, ask: (at: number) => PromiseLike<unknown>): Promise<unknown> {
  return Promise.all(Array.from({ length: count }, (_, at) => ask(at)));
}
