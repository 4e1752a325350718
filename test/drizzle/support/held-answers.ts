import { held } from '../../support/held.js';
import type { CachedBlog } from './generation.js';

type Run = (...given: unknown[]) => Promise<unknown>;

/** Holds back the next answer of the driver of `db`: the database has given it, and no caller has it yet. */
export function holdNextAnswer(db: CachedBlog): { readonly given: Promise<void>; release(): void } {
  const given = held<void>();
  const gate = held<void>();
  const session = Reflect.get(Object.getPrototypeOf(db), 'session') as object;
  const prepareQuery = Reflect.get(session, 'prepareQuery') as (...settings: unknown[]) => object;
  const holding =
    (run: Run): Run =>
    async (...more) => {
      const answer = await run(...more);
      given.release();
      await gate.promise;
      return answer;
    };
  Reflect.set(session, 'prepareQuery', (...settings: unknown[]) => {
    Reflect.set(session, 'prepareQuery', prepareQuery);
    const prepared = Reflect.apply(prepareQuery, session, settings);
    // Each generation runs its driver in another place.
    for (const method of ['executor', 'queryWithCache']) {
      const run: unknown = Reflect.get(prepared, method);
      if (typeof run === 'function') Reflect.set(prepared, method, holding(run.bind(prepared) as Run));
    }
    const methods: unknown = Reflect.get(prepared, 'executors');
    if (typeof methods === 'object' && methods !== null) {
      const all = Object.entries(methods).map(([name, run]) => [name, holding(run as Run)]);
      Reflect.set(prepared, 'executors', Object.fromEntries(all));
    }
    return prepared;
  });
  return { given: given.promise, release: () => gate.release() };
}
