import { type Databases, openDatabases } from '../drizzle/databases.js';
import { type DrizzleQuestion, HUNDRED, HUNDRED_WITH_POSTS, ONE, TEN, TEN_WITH_POSTS } from '../drizzle/questions.js';
import type { Finding } from '../finding.js';
import { type Contender, type Effort, race } from '../race.js';
import type { Servers } from '../servers.js';

/** How many questions are asked in turn. */
const DIFFERENT = 16;
/** By question: how many times faster than the database. */
const GOALS = new Map<DrizzleQuestion, number | undefined>([
  [ONE, 40],
  [TEN, undefined],
  [HUNDRED, 20],
  [TEN_WITH_POSTS, undefined],
  [HUNDRED_WITH_POSTS, undefined],
]);

/** T13: a hit in memory through Drizzle, against the database, against Drizzle alone, and against Drizzle's own cache. */
export async function* drizzle(effort: Effort, servers: Servers): AsyncGenerator<Finding> {
  const databases = openDatabases(servers);
  try {
    for (const [question, faster] of GOALS) {
      yield* asBuilt(effort, databases, question, faster);
      if (question.prepare !== undefined) yield* asPrepared(effort, databases, question, question.prepare);
    }
  } finally {
    await databases.close();
  }
}

async function* asBuilt(
  effort: Effort,
  { plain, cached, native, answering }: Databases,
  question: DrizzleQuestion,
  faster: number | undefined,
): AsyncGenerator<Finding> {
  const { name, askNative } = question;
  const constant = await answering((database) => question.ask(database, 0));
  const contenders: Record<'uncached' | 'constant' | 'toSql' | 'hit', Contender> = {
    uncached: (call) => question.ask(plain, call % DIFFERENT),
    constant: (call) => question.ask(constant, call % DIFFERENT),
    toSql: (call) => toSql(question.ask(plain, call % DIFFERENT)),
    hit: (call) => question.ask(cached, call % DIFFERENT),
  };
  await fill((which) => question.ask(cached, which));
  if (askNative !== undefined) await fill((which) => askNative(native, which));
  const own: Contender = (call) => askNative?.(native, call % DIFFERENT);
  const times = await race({ ...contenders, ...(askNative && { own }) } as Record<Name, Contender>, effort);

  yield {
    target: 'T13',
    what: `Drizzle: uncached ÷ L1 hit, ${name}`,
    goal: faster === undefined ? undefined : { atLeast: faster },
    found: times.ratio('uncached', 'hit'),
  };
  const floor = times.ratio('hit', 'constant');
  yield { target: 'T13', what: `Drizzle: L1 hit ÷ constant driver, ${name}`, goal: { atMost: 0.2 }, found: floor };
  yield { target: 'T13', what: `Drizzle: build, toSQL ÷ L1 hit, ${name}`, found: times.ratio('toSql', 'hit') };
  if (askNative === undefined) return;
  yield { target: 'T13', what: `Drizzle: L1 hit ÷ its own cache, ${name}`, found: times.ratio('hit', 'own') };
}

type Name = 'uncached' | 'constant' | 'toSql' | 'hit' | 'own';

async function* asPrepared(
  effort: Effort,
  { plain, cached, answering }: Databases,
  { name, ask }: DrizzleQuestion,
  prepare: NonNullable<DrizzleQuestion['prepare']>,
): AsyncGenerator<Finding> {
  const constant = prepare(await answering((database) => ask(database, 0)));
  const [uncached, hit] = [prepare(plain), prepare(cached)];
  await fill(hit);
  const times = await race(
    {
      uncached: (call) => uncached(call % DIFFERENT),
      constant: (call) => constant(call % DIFFERENT),
      hit: (call) => hit(call % DIFFERENT),
    },
    effort,
  );
  yield { target: 'T13', what: `Drizzle: uncached ÷ L1 hit, ${name}, prepared`, found: times.ratio('uncached', 'hit') };
  yield {
    target: 'T13',
    what: `Drizzle: L1 hit ÷ constant driver, ${name}, prepared`,
    found: times.ratio('hit', 'constant'),
  };
}

async function fill(ask: (which: number) => PromiseLike<unknown>): Promise<void> {
  for (let which = 0; which < DIFFERENT; which += 1) await ask(which);
}

/** What building a query costs that nobody runs. */
function toSql(query: unknown): unknown {
  return (query as { toSQL(): unknown }).toSQL();
}
