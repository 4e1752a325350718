/** How the SQL behind a stand-in is had. */
const behind = new WeakMap<object, () => object>();
/** By Drizzle's class of SQL: an application may have several copies of Drizzle. */
const prototypes = new WeakMap<object, object>();

/** A piece of Drizzle's SQL that is put together when somebody looks into it, and not before. */
export class DeferredSql {
  /** Drizzle takes it for its own SQL, as a part of other queries too. */
  readonly standIn: object;
  #isPutTogether = false;

  /**
   * @param like - Any piece of Drizzle's SQL.
   * @param build - Puts it together. Called once at most.
   */
  constructor(like: object, build: () => unknown) {
    this.standIn = Object.create(prototypeOf(like)) as object;
    let real: object | undefined;
    behind.set(this.standIn, () => {
      this.#isPutTogether = true;
      real ??= build() as object;
      return real;
    });
  }

  get isPutTogether(): boolean {
    return this.#isPutTogether;
  }
}

/** A prototype whose instances show what the real one holds. */
function prototypeOf(like: object): object {
  const parent = Object.getPrototypeOf(like) as object;
  const known = prototypes.get(parent);
  if (known !== undefined) return known;
  const made = Object.create(parent) as object;
  for (const name of Object.keys(like)) {
    Object.defineProperty(made, name, {
      get(this: object) {
        return Reflect.get(realOf(this), name) as unknown;
      },
      set(this: object, value: unknown) {
        Reflect.set(realOf(this), name, value);
      },
    });
  }
  prototypes.set(parent, made);
  return made;
}

function realOf(standIn: object): object {
  const real = behind.get(standIn);
  if (real === undefined) throw new TypeError('This is a prototype of SQL, and no SQL.');
  return real();
}
