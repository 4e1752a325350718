import { BareCache } from '../bare-cache.js';
import { ask, askCached, type Clients } from '../clients.js';
import type { Finding } from '../finding.js';
import { HUNDRED, HUNDRED_WITH_POSTS, ONE, type Question, TEN, TEN_WITH_POSTS } from '../questions.js';
import { type Effort, race } from '../race.js';

/** How many questions are asked in turn. */
const DIFFERENT = 16;
/** By question: how many times faster than the database. */
const GOALS = new Map<Question, number | undefined>([
  [ONE, 10],
  [TEN, 10],
  [HUNDRED, 7],
  [TEN_WITH_POSTS, undefined],
  [HUNDRED_WITH_POSTS, 4],
]);

/** T2 to T4: a hit in memory, against what any query extension costs, and against the database. */
export async function* memoryHits(effort: Effort, clients: Clients, when: string): AsyncGenerator<Finding> {
  for (const [question, faster] of GOALS) {
    const { name } = question;
    const times = await timesOf(effort, clients, question);
    const floor: Finding = {
      target: 'T2',
      what: `memory hit ÷ constant extension, ${name}${when}`,
      found: times.ratio('hit', 'constant'),
    };
    yield question === ONE ? { ...floor, goal: { atMost: 1.4 } } : floor;
    const bare: Finding = {
      target: 'T3',
      what: `memory hit in core ÷ constant extension, ${name}${when}`,
      found: times.ratio('bare', 'constant'),
    };
    yield question === ONE ? { ...bare, goal: { atMost: when === '' ? 0.15 : 0.3 } } : bare;
    const copied = times.ratio('hit', 'copy');
    yield {
      target: 'T2',
      what: `memory hit ÷ copying extension, ${name}${when}`,
      goal: { atMost: 1.2 },
      found: copied,
    };
    yield {
      target: 'T4',
      what: `uncached ÷ memory hit, ${name}${when}`,
      goal: faster === undefined ? undefined : { atLeast: faster },
      found: times.ratio('uncached', 'hit'),
    };
  }
}

async function timesOf(effort: Effort, { plain, inMemory, answering }: Clients, question: Question) {
  const cache = new BareCache({});
  for (let which = 0; which < DIFFERENT; which += 1) {
    await cache.fill(question, which, await askCached(inMemory, question, which));
  }
  const constant = await ask(plain, question, 0);
  const original = await ask(plain, question, 0);
  const constantClient = answering(() => constant);
  const copyingClient = answering(() => question.copy(original));
  const times = await race(
    {
      uncached: (call) => ask(plain, question, call % DIFFERENT),
      constant: (call) => ask(constantClient, question, call % DIFFERENT),
      copy: (call) => ask(copyingClient, question, call % DIFFERENT),
      hit: (call) => askCached(inMemory, question, call % DIFFERENT),
      bare: (call) => cache.read(question, call % DIFFERENT),
    },
    effort,
  );
  await cache.close();
  return times;
}
