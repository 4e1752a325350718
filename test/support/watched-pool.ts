import pg from 'pg';
import { type Held, held } from './held.js';

/** A statement that waits on its way. */
export interface Gate {
  /** Resolves when the database has answered: the statement saw what was committed then, and no caller has the result yet. */
  readonly reached: Promise<void>;
  /** Lets the answer go. */
  release(): void;
}

interface ArmedGate {
  readonly pattern: RegExp;
  readonly reached: Held<void>;
  readonly leave: Held<void>;
}

type Answer = (error: unknown, result: unknown) => void;

/** What passes between a client and Postgres: counted, and held or failed where a test says so. */
export class Watch {
  /** Every statement since the last {@link Watch.reset}, in order. */
  readonly statements: string[] = [];
  readonly #gates: ArmedGate[] = [];
  readonly #failures: Array<{ readonly pattern: RegExp; readonly error: Error }> = [];

  /** How many statements matched. */
  count(pattern: RegExp): number {
    return this.statements.filter((statement) => pattern.test(statement)).length;
  }

  reset(): void {
    this.statements.length = 0;
  }

  /** The statements that `work` caused. */
  async during(work: () => Promise<unknown>): Promise<readonly string[]> {
    const before = this.statements.length;
    await work();
    return this.statements.slice(before);
  }

  /** Holds the answer of the next statement that matches. */
  hold(pattern: RegExp): Gate {
    const gate: ArmedGate = { pattern, reached: held(), leave: held() };
    this.#gates.push(gate);
    return { reached: gate.reached.promise, release: () => gate.leave.release() };
  }

  /** Fails the next statement that matches, after the database has run it. */
  fail(pattern: RegExp, error: Error): void {
    this.#failures.push({ pattern, error });
  }

  /** Called with every statement. @returns What to do with its answer. */
  pass(statement: string, deliver: Answer): Answer {
    this.statements.push(statement);
    const gate = takeFirst(this.#gates, statement);
    const failure = takeFirst(this.#failures, statement);
    if (gate === undefined && failure === undefined) return deliver;
    return (error, result) => {
      const go = (): void => deliver(failure?.error ?? error, failure === undefined ? result : undefined);
      gate?.reached.release();
      if (gate === undefined) go();
      else void gate.leave.promise.then(go);
    };
  }
}

/** A pool of connections whose every statement passes `watch`. */
export function watchedPool(connectionString: string, watch: Watch, max = 10): pg.Pool {
  class WatchedClient extends pg.Client {
    /** All overloads of pg's `query` end here; `never` is what every one of them may return. */
    override query(...given: unknown[]): never {
      return this.#query(given) as never;
    }

    #query([first, ...rest]: readonly unknown[]): unknown {
      const statement = typeof first === 'object' && first !== null && 'text' in first ? first.text : first;
      const last: unknown = rest.at(-1);
      const forward = (answer: Answer): unknown => {
        const parameters = typeof last === 'function' ? rest.slice(0, -1) : rest;
        return Reflect.apply(super.query, this, [first, ...parameters, watch.pass(String(statement), answer)]);
      };
      if (typeof last === 'function') return forward(last as Answer);
      return new Promise((resolve, reject) => {
        forward((error, result) => (error ? reject(error) : resolve(result)));
      });
    }
  }
  // The types of pg know no class of clients other than its own.
  const config: object = { connectionString, max, Client: WatchedClient };
  const pool = new pg.Pool(config);
  // A server that goes away is what some tests are about: their queries say so.
  pool.on('error', () => undefined);
  return pool;
}

function takeFirst<Item extends { readonly pattern: RegExp }>(items: Item[], statement: string): Item | undefined {
  const index = items.findIndex(({ pattern }) => pattern.test(statement));
  return index === -1 ? undefined : items.splice(index, 1)[0];
}
