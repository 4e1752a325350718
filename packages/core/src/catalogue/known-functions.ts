import type { CatalogueFunction, CatalogueFunctions, Volatility } from './catalogue.js';
import { ALIKE, CONSTANT, DIFFERING, NOT_LIKE_POSTGRESQL, OF_SESSIONS } from './function-answers.js';
import {
  HARMLESS_IN_EXTENSIONS,
  OWN_OF_MYSQL,
  OWN_OF_SQLITE,
  POSTGRESQL,
  POSTGRESQL_SYNTAX,
} from './function-names.js';

/** A function, as a statement names it. */
export interface FunctionName {
  /** `undefined`: none is written. */
  readonly schema: string | undefined;
  /** In lower case if it is not in quotes. */
  readonly name: string;
  readonly quoted: boolean;
}

/** What a call of a function may do. */
export interface FunctionJudgment {
  /** `session`: it changes something, but no row of a table. `maybe`: it may change rows. */
  readonly writes: 'no' | 'session' | 'maybe';
  /** Whether it returns the same for the same arguments, in every session and at any time. */
  readonly alike: boolean;
  /** Whether it does so without arguments as well. */
  readonly constant: boolean;
}

const UNKNOWN: FunctionJudgment = { writes: 'maybe', alike: false, constant: false };
const OF_SESSION: FunctionJudgment = { writes: 'session', alike: false, constant: false };
const HARMLESS: FunctionJudgment = { writes: 'no', alike: false, constant: false };
const DECLARED: FunctionJudgment = { writes: 'no', alike: true, constant: false };
const IMMUTABLE: FunctionJudgment = { writes: 'no', alike: true, constant: true };

/**
 * What functions do, by what their names mean in the database.
 *
 * The catalogue of the database says which functions a name may mean, and what they may do. Before it was read, and where
 * it may not be read, lists of the databases' own functions stand in.
 */
export class KnownFunctions {
  readonly #provider: string | undefined;
  readonly #declared: ReadonlySet<string>;
  #catalogue: CatalogueFunctions | undefined;
  #byName: ReadonlyMap<string, readonly CatalogueFunction[]> = new Map();
  #ofServer: ReadonlyMap<string, Volatility> = new Map();
  #doubted = false;
  #pathChanged = false;
  #version = 0;

  /** @param declared - Functions, with or without schema, that change nothing and depend only on their arguments. */
  constructor(provider: string | undefined, declared: readonly string[] = []) {
    this.#provider = provider === 'postgres' ? 'postgresql' : provider;
    this.#declared = new Set(declared.map((name) => name.toLowerCase()));
  }

  /** Another number whenever a function may be judged in another way than before. */
  get version(): number {
    return this.#version;
  }

  /** Whether definitions may have changed since the catalogue was read. */
  get isDoubted(): boolean {
    return this.#doubted;
  }

  /** Takes over the functions of the catalogue. */
  learn(catalogue: CatalogueFunctions): void {
    const byName = new Map<string, CatalogueFunction[]>();
    for (const one of catalogue.functions) {
      const key = this.#provider === 'postgresql' ? one.name : one.name.toLowerCase();
      byName.set(key, [...(byName.get(key) ?? []), one]);
    }
    this.#catalogue = catalogue;
    this.#byName = byName;
    this.#ofServer = new Map(catalogue.ofServer.map(({ name, volatility }) => [name, volatility]));
    this.#version += 1;
  }

  /** While functions may have been created or replaced since the catalogue was read, none is trusted that was not declared. */
  doubt(doubted: boolean): void {
    if (doubted === this.#doubted) return;
    this.#doubted = doubted;
    this.#version += 1;
  }

  /** A statement changed where names without a schema lead, in one of the sessions: from now on they may mean any schema. */
  forgetPath(): void {
    if (this.#pathChanged) return;
    this.#pathChanged = true;
    this.#version += 1;
  }

  judge(called: FunctionName): FunctionJudgment {
    const { schema, name } = called;
    const written = (schema === undefined ? name : `${schema}.${name}`).toLowerCase();
    if (this.#declared.has(written)) return DECLARED;
    switch (this.#provider) {
      case 'postgresql':
        return this.#ofPostgreSql(called);
      case 'mysql':
        return schema === undefined && this.#isNative(name, OWN_OF_MYSQL) ? ofList(name.toLowerCase()) : UNKNOWN;
      case 'sqlite':
        if (schema !== undefined) return UNKNOWN;
        return this.#isNative(name, OWN_OF_SQLITE) || this.#ofServer.has(name.toLowerCase())
          ? ofList(name.toLowerCase())
          : UNKNOWN;
      default:
        return schema === undefined && isListed(name) ? ofList(name) : UNKNOWN;
    }
  }

  /** Whether a read of `column`, which no table has among `relations`, calls a function that may write. */
  isCalledByColumn(column: string, relations: readonly string[]): boolean {
    const owners = this.#catalogue?.likeColumns.get(column);
    if (owners === undefined || this.#declared.has(column.toLowerCase())) return false;
    return relations.length === 0 || relations.some((relation) => !owners.has(relation));
  }

  /** MySQL calls a stored function of such a name where it does not know the name itself, or a space precedes the bracket. */
  #isNative(name: string, natives: ReadonlySet<string>): boolean {
    return !this.#doubted && natives.has(name.toLowerCase()) && !this.#byName.has(name.toLowerCase());
  }

  #ofPostgreSql({ schema, name, quoted }: FunctionName): FunctionJudgment {
    if (schema === undefined && !quoted && POSTGRESQL_SYNTAX.has(name)) return IMMUTABLE;
    if (this.#doubted) return UNKNOWN;
    const judgments = this.#visible(schema, name).map(ofOwn);
    const builtIn = schema === undefined || schema === 'pg_catalog' ? this.#builtIn(name) : undefined;
    if (builtIn !== undefined) judgments.push(builtIn);
    return judgments.length === 0 ? UNKNOWN : judgments.reduce(worst);
  }

  /** The functions that may be meant and are not the server's own. */
  #visible(schema: string | undefined, name: string): readonly CatalogueFunction[] {
    const called = this.#byName.get(name) ?? [];
    const { path = [] } = this.#catalogue ?? {};
    if (schema !== undefined) return called.filter((one) => one.schema === schema);
    return called.filter((one) => this.#pathChanged || one.schema === 'pg_catalog' || path.includes(one.schema));
  }

  #builtIn(name: string): FunctionJudgment | undefined {
    const { immutable, stable, volatile } = POSTGRESQL;
    const volatility = this.#ofServer.get(name);
    if (OF_SESSIONS.has(name) && (volatile.has(name) || stable.has(name))) return OF_SESSION;
    if (DIFFERING.has(name) && (immutable.has(name) || volatile.has(name) || stable.has(name))) return HARMLESS;
    if (immutable.has(name)) return IMMUTABLE;
    if (stable.has(name)) return ALIKE.has(name) ? DECLARED : HARMLESS;
    if (volatile.has(name)) return OF_SESSION;
    // Of a newer server: what is volatile there may do anything.
    if (volatility === 'volatile' || volatility === undefined) return undefined;
    return volatility === 'immutable' ? IMMUTABLE : HARMLESS;
  }
}

/** PostgreSQL lets no function change data that is declared immutable or stable. */
function ofOwn({ name, volatility, ofExtension }: CatalogueFunction): FunctionJudgment {
  if (volatility === 'immutable') return IMMUTABLE;
  if (volatility === 'stable') return ofExtension && ALIKE.has(name) ? DECLARED : HARMLESS;
  return ofExtension && HARMLESS_IN_EXTENSIONS.has(name) ? HARMLESS : UNKNOWN;
}

/** Of the database itself: none of those in the lists changes a row. */
function ofList(name: string): FunctionJudgment {
  if (OF_SESSIONS.has(name)) return OF_SESSION;
  if (DIFFERING.has(name) || !ALIKE.has(name)) return HARMLESS;
  return { ...DECLARED, constant: CONSTANT.has(name) };
}

function isListed(name: string): boolean {
  return (ALIKE.has(name) || DIFFERING.has(name) || OF_SESSIONS.has(name)) && !NOT_LIKE_POSTGRESQL.has(name);
}

const WRITES = ['no', 'session', 'maybe'] as const;

function worst(one: FunctionJudgment, other: FunctionJudgment): FunctionJudgment {
  return {
    writes: WRITES.indexOf(one.writes) > WRITES.indexOf(other.writes) ? one.writes : other.writes,
    alike: one.alike && other.alike,
    constant: one.constant && other.constant,
  };
}
