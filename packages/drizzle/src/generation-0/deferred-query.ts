import { isEntity } from '../objects/entities.js';
import type { QueryShape } from './query-shape.js';

const DEFERRED = Symbol('deferred query');
/** By Drizzle's class of SQL, of which an application may have several copies. */
const prototypes = new WeakMap<object, object>();

/** How a deferred query is described and built. */
export interface DeferredOptions {
  /** The templates that its shape is for. In those of another dialect, the same numbers mean other objects. */
  readonly owner: object;
  readonly shape: () => QueryShape | undefined;
  /** Builds its SQL. Called at most once. */
  readonly build: () => unknown;
  /** What Drizzle builds beside the SQL. */
  readonly rest?: (() => object) | undefined;
}

/** A query whose SQL is built when it is first read. */
export class DeferredQuery {
  /** For Drizzle, this is SQL of its own, also as a part of other queries. */
  readonly sql: object;
  /** What a template has beside the SQL. */
  restOfTemplate: object | undefined;
  readonly #options: DeferredOptions;
  #real: object | undefined;

  /** @param like - Any piece of Drizzle's SQL. */
  constructor(like: object, options: DeferredOptions) {
    this.#options = options;
    this.sql = Object.create(prototypeOf(like)) as object;
    Reflect.set(this.sql, DEFERRED, this);
  }

  /** The query of `owner` whose SQL is `sql`, unless that has been built: the code that read it may have changed it. */
  static of(owner: object, sql: unknown): DeferredQuery | undefined {
    const deferred: unknown = isEntity(sql) ? sql[DEFERRED] : undefined;
    if (!(deferred instanceof DeferredQuery) || deferred.#real !== undefined) return undefined;
    return deferred.#options.owner === owner ? deferred : undefined;
  }

  /** `undefined` if the query cannot be described. Then Drizzle builds it, and throws any error to the caller. */
  get shape(): QueryShape | undefined {
    try {
      return this.#options.shape();
    } catch {
      return undefined;
    }
  }

  get rest(): object | undefined {
    return this.restOfTemplate ?? this.#options.rest?.();
  }

  /** The SQL, built by Drizzle. */
  get real(): object {
    this.#real ??= this.#options.build() as object;
    return this.#real;
  }
}

/** A prototype whose instances have the properties of the built SQL. */
function prototypeOf(like: object): object {
  const parent = Object.getPrototypeOf(like) as object;
  const known = prototypes.get(parent);
  if (known !== undefined) return known;
  const prototype = Object.create(parent) as object;
  for (const name of Object.keys(like)) {
    Object.defineProperty(prototype, name, {
      get(this: DeferredSql) {
        return Reflect.get(this[DEFERRED].real, name) as unknown;
      },
      set(this: DeferredSql, value: unknown) {
        Reflect.set(this[DEFERRED].real, name, value);
      },
    });
  }
  prototypes.set(parent, prototype);
  return prototype;
}

interface DeferredSql {
  readonly [DEFERRED]: DeferredQuery;
}
