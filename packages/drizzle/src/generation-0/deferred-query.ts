import { isEntity } from '../objects/entities.js';
import type { QueryShape } from './query-shape.js';

const DEFERRED = Symbol('deferred query');
/** By Drizzle's class of SQL: an application may have several copies of Drizzle. */
const prototypes = new WeakMap<object, object>();

/** How a query is made, if it must be. */
export interface DeferredParts {
  /** Whose shapes describe it. To others, their numbers mean other objects. */
  readonly owner: object;
  readonly shape: () => QueryShape | undefined;
  /** Puts its SQL together. Called once at most. */
  readonly build: () => unknown;
  /** What Drizzle makes of it besides its SQL. */
  readonly rest?: (() => object) | undefined;
}

/** A query that is put together when somebody looks into its SQL, and not before. */
export class DeferredQuery {
  /** Drizzle takes it for its own SQL, as a part of other queries too. */
  readonly sql: object;
  /** What a template tells of it besides its SQL. */
  told: object | undefined;
  readonly #parts: DeferredParts;
  #real: object | undefined;

  /** @param like - Any piece of Drizzle's SQL. */
  constructor(like: object, parts: DeferredParts) {
    this.#parts = parts;
    this.sql = Object.create(prototypeOf(like)) as object;
    Reflect.set(this.sql, DEFERRED, this);
  }

  /** The query of `owner` behind `sql`, if it is not put together yet: who looked into it may have changed it. */
  static of(owner: object, sql: unknown): DeferredQuery | undefined {
    const deferred: unknown = isEntity(sql) ? sql[DEFERRED] : undefined;
    if (!(deferred instanceof DeferredQuery) || deferred.#real !== undefined) return undefined;
    return deferred.#parts.owner === owner ? deferred : undefined;
  }

  /** `undefined` for what cannot be described: Drizzle builds that, and what fails there is the caller's to see. */
  get shape(): QueryShape | undefined {
    try {
      return this.#parts.shape();
    } catch {
      return undefined;
    }
  }

  get rest(): object | undefined {
    return this.told ?? this.#parts.rest?.();
  }

  /** The same, put together. */
  get real(): object {
    this.#real ??= this.#parts.build() as object;
    return this.#real;
  }
}

/** A prototype whose instances show what the real SQL holds. */
function prototypeOf(like: object): object {
  const parent = Object.getPrototypeOf(like) as object;
  const known = prototypes.get(parent);
  if (known !== undefined) return known;
  const made = Object.create(parent) as object;
  for (const name of Object.keys(like)) {
    Object.defineProperty(made, name, {
      get(this: Standing) {
        return Reflect.get(this[DEFERRED].real, name) as unknown;
      },
      set(this: Standing, value: unknown) {
        Reflect.set(this[DEFERRED].real, name, value);
      },
    });
  }
  prototypes.set(parent, made);
  return made;
}

interface Standing {
  readonly [DEFERRED]: DeferredQuery;
}
