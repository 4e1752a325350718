import type { KeepMapped, Mapping } from '@cachetastic/core';
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
interface MappingCall {
  /** The same object for all calls that map equal rows to equal results. */
  readonly of: object;
  /** The result of an earlier call on the same rows. Then the rows of this call are empty, and their result is dropped. */
  made?: { readonly answer: unknown } | undefined;
  /** Keeps the result of this call for later ones. */
  keep?: KeepMapped | undefined;
}

/** The method that is being called. */
interface Called {
  readonly method: string;
  readonly token: unknown;
  readonly mapping: MappingCall | undefined;
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
  let called: Called = { method: 'execute', token: undefined, mapping: undefined };
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
      const mapping = alike !== undefined && mapped && method === 'execute' ? { of: alike } : undefined;
      called = { method, token: driver.tokenOf?.(prepared, args[1]), mapping };
      try {
        const answer: unknown = own.apply(prepared, args);
        return mapping === undefined ? answer : mappedOnce(mapping, answer);
      } finally {
        called = before;
      }
    });
  }
  target.queryWithCache = (sql, params, run) => {
    const { method, token, mapping } = called;
    return intercept({
      params,
      form: `${method} ${mapped ? 'mapped' : 'raw'}`,
      expected: { rows: rowsOfMethod(method), whole: !mapped, unwrapped: false },
      token,
      mapping: mapping && mappingOf(mapping),
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
  const made = {};
  firsts.set(template, made);
  return made;
}

/** The result that was mapped before, or the one that is mapped now, which is kept. */
async function mappedOnce(mapping: MappingCall, answer: unknown): Promise<unknown> {
  const made = await answer;
  if (mapping.made !== undefined) return mapping.made.answer;
  return mapping.keep === undefined ? made : mapping.keep(made);
}

/** How the cache keeps what `call` makes of the rows. */
function mappingOf(call: MappingCall): Mapping<PlainRows> {
  return {
    of: call.of,
    found: (answer, kept): PlainRows => {
      call.made = { answer };
      return { ...kept, rows: [] };
    },
    absent: (keep) => {
      call.keep = keep;
    },
  };
}
