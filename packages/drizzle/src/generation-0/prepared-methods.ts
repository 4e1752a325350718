import type { KeepProjection, Projection } from '@cachetastic/core';
import { type PlainRows, rowsOfMethod } from '../driver/driver.js';
import type { Intercept, Prepared } from '../intercept/generation.js';
import { at } from '../objects/entities.js';
import { hasOwnDecoders } from './own-decoders.js';
import { templateOf } from './templated-query.js';

/** A prepared query of 0.45: every method runs the driver through `queryWithCache`, before it first waits. */
interface PreparedQuery {
  queryWithCache?: (sql: string, params: readonly unknown[], run: () => Promise<unknown>) => Promise<unknown>;
}

/** One time that Drizzle maps the rows of the driver to those that callers see. */
interface ProjectionCall {
  /** The same object for all calls that map equal rows to equal results. */
  readonly id: object;
  /** The result of an earlier call on the same rows. Then the rows of this call are empty, and their result is dropped. */
  reused?: { readonly result: unknown } | undefined;
  /** Keeps the result of this call for later ones. */
  keep?: KeepProjection | undefined;
}

/** The method that is being called. */
interface Called {
  readonly method: string;
  readonly token: unknown;
  readonly projection: ProjectionCall | undefined;
}

const METHODS = ['execute', 'all', 'get', 'values', 'run'] as const;

/** Makes every run of the driver pass through `intercept`. @returns `false` for a query of another generation. */
export function interceptMethods({ prepared, query, settings, driver }: Prepared, intercept: Intercept): boolean {
  const target: PreparedQuery = prepared;
  const { queryWithCache } = target;
  if (queryWithCache === undefined) return false;
  const template = templateOf(query);
  let alike = template === undefined || !returnsFirst(settings) ? template : firstOf(template);
  let executions = 0;
  let called: Called = { method: 'execute', token: undefined, projection: undefined };
  const mapped = settings[0] !== undefined || settings.some((setting) => typeof setting === 'function');
  for (const method of METHODS) {
    const own = at(prepared, method);
    if (typeof own !== 'function') continue;
    Reflect.set(prepared, method, (...args: unknown[]): unknown => {
      const before = called;
      if (method === 'execute') {
        executions += 1;
        // A query that is executed twice was prepared by the application, and will be executed again.
        if (executions === 2 && hasOwnDecoders(settings[0])) alike ??= prepared;
      }
      // On SQLite, others run through `values`, whose rows callers see as they are.
      const projection = alike !== undefined && mapped && method === 'execute' ? { id: alike } : undefined;
      called = { method, token: driver.tokenOf?.(prepared, args[1]), projection };
      try {
        const answer: unknown = own.apply(prepared, args);
        return projection === undefined ? answer : mappedOnce(projection, answer);
      } finally {
        called = before;
      }
    });
  }
  target.queryWithCache = (sql, params, run) => {
    const { method, token, projection } = called;
    return intercept({
      params,
      form: `${method} ${mapped ? 'mapped' : 'raw'}`,
      expected: { rows: rowsOfMethod(method), whole: !mapped, unwrapped: false },
      token,
      projection: projection && projectionOf(projection),
      run: () => queryWithCache.call(prepared, sql, params, run),
    });
  };
  return true;
}

/** Whether Drizzle returns the first row alone, as `findFirst` does: `findMany` with a limit of one sends the same SQL. */
function returnsFirst(settings: readonly unknown[]): boolean {
  const mapper = settings.find((setting) => typeof setting === 'function');
  return mapper !== undefined && mapper([]) === undefined;
}

const firsts = new WeakMap<object, object>();

/** One object for all queries of a template that return the first row alone. */
function firstOf(template: object): object {
  const known = firsts.get(template);
  if (known !== undefined) return known;
  const first = {};
  firsts.set(template, first);
  return first;
}

/** The result that was mapped before, or the one that is mapped now, which is kept. */
async function mappedOnce(call: ProjectionCall, answer: unknown): Promise<unknown> {
  const result = await answer;
  if (call.reused !== undefined) return call.reused.result;
  return call.keep === undefined ? result : call.keep(result);
}

/** How the cache keeps the result of `call` beside the rows. */
function projectionOf(call: ProjectionCall): Projection<PlainRows> {
  return {
    id: call.id,
    reuse: (result, rows): PlainRows => {
      call.reused = { result };
      return { ...rows, rows: [] };
    },
    store: (keep) => {
      call.keep = keep;
    },
  };
}
