import { onlyReads } from '@cachetastic/core/sql';
import type { Driver, Expected } from '../driver/driver.js';
import { hasOwnDecoders } from '../generation-0/own-decoders.js';
import { templateOf } from '../generation-0/templated-query.js';
import type { BuiltQuery, PreparedLike } from '../objects/database.js';
import { at } from '../objects/entities.js';
import { type Context, type Interception, type MappingCall, textOf } from './interception.js';
import { interceptRead } from './read.js';
import { interceptWrite } from './write.js';
import { mayEndTransaction } from './write-outcome.js';

/**
 * Makes `prepared` ask us before it runs its driver.
 *
 * @param token - What the session sends with each of its queries, for the database to judge them by.
 */
export function interceptPrepared(
  context: Context,
  prepared: PreparedLike,
  query: BuiltQuery,
  settings: readonly unknown[],
  token: unknown,
): PreparedLike {
  const { sql } = query;
  const { session, events } = context.parts;
  const intercept: Intercept = ({ params, form, expected, token: own = token, mapping, run }) => {
    const answered = interceptQuery({
      context,
      sql,
      text: textOf(context, sql),
      params,
      form,
      expected,
      token: own,
      mapping,
      run: () => session.watch(run, events),
    });
    heedFailure(context, answered);
    return answered;
  };
  if (prepared.executor !== undefined) interceptExecutor(prepared, prepared.executor, settings, intercept);
  else if (prepared.executors !== undefined) interceptExecutors(prepared, prepared.executors, settings, intercept);
  else if (prepared.queryWithCache !== undefined)
    interceptMethods(prepared, prepared.queryWithCache, settings, intercept, {
      driver: context.parts.driver,
      template: templateOf(query),
    });
  return prepared;
}

/** A read may be what ends a transaction as well. */
function heedFailure({ parts, transaction }: Context, answered: Promise<unknown>): void {
  if (parts.provider !== 'mysql' || transaction === undefined) return;
  answered.catch((error: unknown) => {
    if (mayEndTransaction(parts, error)) transaction.doubt();
  });
}

type Intercept = (call: Omit<Interception, 'context' | 'text' | 'sql'>) => Promise<unknown>;

function interceptQuery(interception: Interception): Promise<unknown> {
  const { context, sql, text, params } = interception;
  const { catalogue, events, opening, session, texts } = context.parts;
  session.note(text.session, params, events);
  if (context.transaction !== undefined || !catalogue.mayDecide(text)) return decide(interception);
  return opening.open().then(() => decide({ ...interception, text: texts.read(sql) }));
}

function decide(interception: Interception): Promise<unknown> {
  const { context, text } = interception;
  // A locking read is no write: it is passed on with its reason.
  if (onlyReads(text)) return interceptRead(interception);
  return context.parts.catalogue.around(text, context.transaction?.ended, () => interceptWrite(interception));
}

/** 1.0: one function runs the driver, in the form that was prepared. */
function interceptExecutor(
  prepared: PreparedLike,
  executor: NonNullable<PreparedLike['executor']>,
  [form]: readonly unknown[],
  intercept: Intercept,
): void {
  const whole = form === 'raw';
  prepared.executor = async (params, ...more) =>
    intercept({
      params,
      form: String(form),
      expected: { rows: 'many', whole, unwrapped: !whole },
      token: undefined,
      mapping: undefined,
      run: () => executor(params, ...more),
    });
}

/** 1.0 on SQLite: a function for each method. */
function interceptExecutors(
  prepared: PreparedLike,
  executors: NonNullable<PreparedLike['executors']>,
  settings: readonly unknown[],
  intercept: Intercept,
): void {
  const forms = settings.filter((setting) => typeof setting === 'string').join();
  prepared.executors = Object.fromEntries(
    Object.entries(executors).map(([method, executor]) => [
      method,
      async (params: readonly unknown[], ...more: readonly unknown[]) =>
        intercept({
          params,
          form: `${method} ${forms}`,
          expected: { rows: rowsOf(method), whole: false, unwrapped: true },
          token: undefined,
          mapping: undefined,
          run: () => executor(params, ...more),
        }),
    ]),
  );
}

/** What a method of SQLite's answers with. */
function rowsOf(method: string): Expected['rows'] {
  if (method === 'run') return 'none';
  return method === 'get' ? 'one' : 'many';
}

const METHODS = ['execute', 'all', 'get', 'values', 'run'] as const;

/** What is called at the moment. */
interface Called {
  readonly method: string;
  readonly token: unknown;
  readonly mapping: MappingCall | undefined;
}

/** 0.45: every method runs the driver through `queryWithCache`, before it first waits. */
function interceptMethods(
  prepared: PreparedLike,
  queryWithCache: NonNullable<PreparedLike['queryWithCache']>,
  settings: readonly unknown[],
  intercept: Intercept,
  { driver, template }: { readonly driver: Driver; readonly template: object | undefined },
): void {
  let alike = template === undefined || !answersFirst(settings) ? template : firstOf(template);
  let executions = 0;
  let called: Called = { method: 'execute', token: undefined, mapping: undefined };
  const mapped = settings[0] !== undefined || settings.some((setting) => typeof setting === 'function');
  for (const method of METHODS) {
    const own = at(prepared, method);
    if (typeof own !== 'function') continue;
    Reflect.set(prepared, method, (...given: unknown[]): unknown => {
      const before = called;
      if (method === 'execute') {
        executions += 1;
        // Who executes it again has prepared it, and will once more.
        if (executions === 2 && hasOwnDecoders(settings[0])) alike ??= prepared;
      }
      // On SQLite, others run through `values`, whose rows callers see as they are.
      const mapping = alike !== undefined && mapped && method === 'execute' ? { of: alike } : undefined;
      // A builder gives the token with the call, and leaves it with what is prepared.
      called = { method, token: driver.tokenOf?.(prepared, given[1]), mapping };
      try {
        const answer: unknown = own.apply(prepared, given);
        return mapping === undefined ? answer : mappedOnce(mapping, answer);
      } finally {
        called = before;
      }
    });
  }
  prepared.queryWithCache = (sql, params, run) => {
    const { method, token, mapping } = called;
    return intercept({
      params,
      form: `${method} ${mapped ? 'mapped' : 'raw'}`,
      expected: { rows: rowsOf(method), whole: !mapped, unwrapped: false },
      token,
      mapping,
      run: () => queryWithCache.call(prepared, sql, params, run),
    });
  };
}

/** Whether Drizzle makes the first row alone of the rows, as `findFirst` does: `findMany` with a limit of one sends the same. */
function answersFirst(settings: readonly unknown[]): boolean {
  const mapper = settings.find((setting) => typeof setting === 'function');
  return mapper !== undefined && mapper([]) === undefined;
}

const firsts = new WeakMap<object, object>();

/** One object for all queries of a template that answer with the first row alone. */
function firstOf(template: object): object {
  const known = firsts.get(template);
  if (known !== undefined) return known;
  const made = {};
  firsts.set(template, made);
  return made;
}

/** What was made of the rows before, or what is made of them now, which is kept. */
async function mappedOnce(mapping: MappingCall, answer: unknown): Promise<unknown> {
  const made = await answer;
  if (mapping.made !== undefined) return mapping.made.answer;
  return mapping.keep === undefined ? made : mapping.keep(made);
}
