import type { KnownFunctions } from '../catalogue/known-functions.js';
import { inTransaction, type ParsedSql, parseSql } from './parsed-sql.js';

/** SQL of ordinary length has a cache of its own, so that a few long strings cannot displace it. Lengths are in characters. */
const ORDINARY = { strings: 500, characters: 500_000, longest: 20_000 };
/** A list of 30,000 parameters has 230,000 characters. A parsed string takes about 40 bytes for each of its characters. */
const LONG = { strings: 4, characters: 300_000, longest: 300_000 };

/**
 * Parses each string of SQL once and keeps the newest results, within bounds: applications that build endless strings must not
 * fill the memory.
 */
export class ParsedSqlCache {
  readonly #provider: string | undefined;
  readonly #functions: KnownFunctions;
  readonly #ordinary = new RecentSql(ORDINARY);
  readonly #long = new RecentSql(LONG);
  #version = 0;
  /** Whether a transaction was ever begun in SQL: then a statement that commits may be its end. */
  #begun = false;

  constructor(provider: string | undefined, functions: KnownFunctions) {
    this.#provider = provider;
    this.#functions = functions;
  }

  /** Whether the result for `sql` is kept. */
  knows(sql: string): boolean {
    return this.#kept(sql).get(sql) !== undefined;
  }

  /** `sql` parsed, by what is known of its functions now. Once a transaction was begun in SQL, a commit counts as its end. */
  parse(sql: string): ParsedSql {
    const { version } = this.#functions;
    if (version !== this.#version) {
      this.#ordinary.clear();
      this.#long.clear();
    }
    this.#version = version;
    const parsed = this.#kept(sql).get(sql) ?? this.#parseFirst(sql);
    this.#begun ||= parsed.statements.some(({ judged }) => judged.transaction === 'begins');
    return this.#begun ? inTransaction(parsed) : parsed;
  }

  #parseFirst(sql: string): ParsedSql {
    const parsed = parseSql(sql, this.#provider, this.#functions);
    this.#kept(sql).add(sql, parsed);
    return parsed;
  }

  #kept(sql: string): RecentSql {
    return sql.length <= ORDINARY.longest ? this.#ordinary : this.#long;
  }
}

/** The newest results, within a number of strings and of characters. */
class RecentSql {
  readonly #limits: typeof ORDINARY;
  readonly #parsed = new Map<string, ParsedSql>();
  #characters = 0;

  constructor(limits: typeof ORDINARY) {
    this.#limits = limits;
  }

  get(sql: string): ParsedSql | undefined {
    return this.#parsed.get(sql);
  }

  add(sql: string, parsed: ParsedSql): void {
    const { strings, characters, longest } = this.#limits;
    if (sql.length > longest) return;
    this.#parsed.set(sql, parsed);
    this.#characters += sql.length;
    for (const oldest of this.#parsed.keys()) {
      if (this.#parsed.size <= strings && this.#characters <= characters) return;
      this.#parsed.delete(oldest);
      this.#characters -= oldest.length;
    }
  }

  clear(): void {
    this.#parsed.clear();
    this.#characters = 0;
  }
}
