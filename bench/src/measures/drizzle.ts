import { type Databases, openDatabases } from '../drizzle/databases.js';
import { GENERATIONS, type Generation } from '../drizzle/generations.js';
import type { DrizzleQuestion } from '../drizzle/questions.js';
import type { Finding } from '../finding.js';
import { type Contender, type Effort, race } from '../race.js';
import type { Servers } from '../servers.js';

/** How many questions are asked in turn. */
const DIFFERENT = 16;

/** T13: a hit in memory through Drizzle, against the database, against Drizzle alone, and against Drizzle's own cache. */
export async function* drizzle(effort: Effort, servers: Servers): AsyncGenerator<Finding> {
  for (const generation of GENERATIONS) yield* throughGeneration(effort, servers, generation);
}

async function* throughGeneration(effort: Effort, servers: Servers, generation: Generation): AsyncGenerator<Finding> {
  const databases = openDatabases(generation, servers);
  try {
    for (const question of generation.questions) {
      const label: Label = (what) => `${generation.name}: ${what}, ${question.name}`;
      for await (const found of asBuilt(effort, databases, question, label)) {
        yield generation.goals ? found : { ...found, goal: undefined };
      }
      if (question.prepare === undefined) continue;
      yield* asPrepared(effort, databases, question, question.prepare, (what) => `${label(what)}, prepared`);
    }
  } finally {
    await databases.close();
  }
}

type Name = 'uncached' | 'constant' | 'drizzleSql' | 'ourSql' | 'hit' | 'own';
type Label = (what: string) => string;

async function* asBuilt(
  effort: Effort,
  { plain, cached, native, answering }: Databases,
  { ask, askNative, goal }: DrizzleQuestion,
  label: Label,
): AsyncGenerator<Finding> {
  const constant = await answering((database) => ask(database, 0));
  const contenders: Record<Exclude<Name, 'own'>, Contender> = {
    uncached: (call) => ask(plain, call % DIFFERENT),
    constant: (call) => ask(constant, call % DIFFERENT),
    drizzleSql: (call) => toSql(ask(plain, call % DIFFERENT)),
    ourSql: (call) => toSql(ask(cached, call % DIFFERENT)),
    hit: (call) => ask(cached, call % DIFFERENT),
  };
  await fill((which) => ask(cached, which));
  if (askNative !== undefined) await fill((which) => askNative(native, which));
  const own: Contender = (call) => askNative?.(native, call % DIFFERENT);
  const times = await race({ ...contenders, ...(askNative && { own }) } as Record<Name, Contender>, effort);

  const faster = goal === undefined ? undefined : { atLeast: goal };
  yield { target: 'T13', what: label('uncached ÷ memory hit'), goal: faster, found: times.ratio('uncached', 'hit') };
  const floor = times.ratio('hit', 'constant');
  yield { target: 'T13', what: label('memory hit ÷ constant driver'), goal: { atMost: 0.2 }, found: floor };
  const sql = times.ratio('ourSql', 'drizzleSql');
  yield { target: 'T13', what: label('build, our SQL ÷ build, toSQL'), goal: { atMost: 0.3 }, found: sql };
  if (askNative === undefined) return;
  yield { target: 'T13', what: label('memory hit ÷ its own cache'), found: times.ratio('hit', 'own') };
}

async function* asPrepared(
  effort: Effort,
  { plain, cached, answering }: Databases,
  { ask }: DrizzleQuestion,
  prepare: NonNullable<DrizzleQuestion['prepare']>,
  label: Label,
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
  yield { target: 'T13', what: label('uncached ÷ memory hit'), found: times.ratio('uncached', 'hit') };
  yield { target: 'T13', what: label('memory hit ÷ constant driver'), found: times.ratio('hit', 'constant') };
}

async function fill(ask: (which: number) => PromiseLike<unknown>): Promise<void> {
  for (let which = 0; which < DIFFERENT; which += 1) await ask(which);
}

/** What building a query costs that nobody runs. */
function toSql(query: unknown): unknown {
  return (query as { toSQL(): unknown }).toSQL();
}
