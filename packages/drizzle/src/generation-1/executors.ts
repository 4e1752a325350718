import { rowsOfMethod } from '../driver/driver.js';
import type { Intercept, Prepared } from '../intercept/generation.js';

type Executor = (params: readonly unknown[], ...more: readonly unknown[]) => Promise<unknown>;

interface PreparedQuery {
  /** Runs the driver, in the form that was prepared. */
  executor?: Executor;
  /** On SQLite: runs the driver, by method. */
  executors?: Record<string, Executor>;
}

/** Makes every function that runs the driver pass through `intercept`. @returns `false` for a query of another generation. */
export function interceptExecutors({ prepared, settings }: Prepared, intercept: Intercept): boolean {
  const query: PreparedQuery = prepared;
  const { executor, executors } = query;
  if (executor !== undefined) {
    const [form] = settings;
    const whole = form === 'raw';
    query.executor = async (params, ...more) =>
      intercept({
        params,
        form: String(form),
        expected: { rows: 'many', whole, unwrapped: !whole },
        token: undefined,
        projection: undefined,
        run: () => executor(params, ...more),
      });
    return true;
  }
  if (executors === undefined) return false;
  const forms = settings.filter((setting) => typeof setting === 'string').join();
  query.executors = Object.fromEntries(
    Object.entries(executors).map(([method, run]): [string, Executor] => [
      method,
      async (params, ...more) =>
        intercept({
          params,
          form: `${method} ${forms}`,
          expected: { rows: rowsOfMethod(method), whole: false, unwrapped: true },
          token: undefined,
          projection: undefined,
          run: () => run(params, ...more),
        }),
    ]),
  );
  return true;
}
