import type { Dice } from './random-dice.js';

/** Tables and views, some of them not known to the analysis: {@link UNKNOWN}. */
export const RELATIONS = ['orgs', 'users', 'posts', 'comments', 'busy', 'busier', 'audit'] as const;
export const UNKNOWN: readonly string[] = ['audit'];

/** What {@link RandomQueries} ask: relations that all have the same columns, two views of them, and two functions. */
export const RELATIONS_SQL = `
  ${RELATIONS.filter((name) => !name.startsWith('bus'))
    .map((name) => `create table ${name} (id int, "limit" int, "values" int, "order" int);`)
    .join('\n')}
  create view busy as select users.* from users where exists (select from posts where posts.id = users.id);
  create view busier as select * from busy where id in (select id from comments);
  create function tally(of int) returns int stable language sql as 'select count(*)::int from orgs where id = of';
  create function mood(of users) returns int stable language sql as 'select count(*)::int from orgs where id = of.id';
`;

/** Names of common table expressions, which may hide relations. */
const EXPRESSIONS = [...RELATIONS, 'x', 'y'] as const;
/** Words of SQL that PostgreSQL takes for what a relation is called. */
const WORDS = ['set', 'values', 'key', 'ignore', 'index', 'partition', 'use', 'lock', 'share', 'of'] as const;
const COLUMNS = ['id', 'limit', 'values', 'order'] as const;

/** Something in a `from`. */
interface Item {
  readonly alias: string;
  readonly columns: readonly string[];
}

/** What a part of a query can name, and how deep it may still go. */
interface Scope {
  readonly depth: number;
  readonly expressions: readonly string[];
}

/** Queries for PostgreSQL, each of one column `id`, in many forms of its grammar. */
export class RandomQueries {
  readonly #dice: Dice;
  #aliases = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  next(): string {
    this.#aliases = 0;
    return this.#query({ depth: 3, expressions: [] });
  }

  #query(scope: Scope): string {
    const dice = this.#dice;
    if (scope.depth <= 0) return `select id from ${this.#relation(scope)}`;
    const inner = deeper(scope);
    switch (dice.below(9)) {
      case 0:
        return `(${this.#query(inner)}) ${dice.one(['union', 'union all', 'intersect', 'except'])} (${this.#query(inner)})`;
      case 1:
        return `${this.#flat(inner)} union ${this.#flat(inner)}`;
      case 2:
      case 3:
        return this.#with(inner);
      case 4:
        return `values (${this.#scalar(inner, [])}), (1)`;
      case 5:
        return `select id from (${dice.one(['', 'with z as (select 1) '])}table ${this.#relation(scope)}) t (id)`;
      default:
        return this.#select(inner);
    }
  }

  #with(scope: Scope): string {
    const dice = this.#dice;
    const recursive = dice.oneIn(4);
    const names = EXPRESSIONS.filter(() => dice.oneIn(6)).slice(0, 2);
    const parts: string[] = [];
    let { expressions } = scope;
    for (const name of names.length === 0 ? ['x'] : names) {
      const body = this.#query({ depth: scope.depth - 1, expressions });
      // In a recursive clause a name means the expression even within itself, which PostgreSQL takes in few places only.
      if (recursive && new RegExp(`\\b(x|${names.join('|')})\\b`, 'i').test(body)) continue;
      const materialized = dice.one(['', 'materialized ', 'not materialized ']);
      parts.push(`${name}${dice.oneIn(3) ? ' (id)' : ''} as ${materialized}(${body})`);
      expressions = [...expressions, name];
    }
    const main = this.#query({ depth: scope.depth - 1, expressions });
    // Another `with` cannot follow.
    if (parts.length === 0 || main.startsWith('with')) return main;
    return `with ${recursive ? 'recursive ' : ''}${parts.join(', ')} ${main}`;
  }

  #flat(scope: Scope): string {
    return `select ${this.#scalar(scope, [])} as id from ${this.#relation(scope)}`;
  }

  #select(scope: Scope): string {
    const dice = this.#dice;
    const items: Item[] = [];
    const from = [this.#item(scope, items)];
    for (let more = dice.below(3); more > 0; more--) from.push(this.#item(scope, items));
    const where = dice.oneIn(2) ? ` where ${this.#condition(scope, items)}` : '';
    const limit = dice.oneIn(6) ? ` limit ${this.#scalar(scope, [])}` : '';
    const rows = `from ${from.join(', ')}${where}`;
    const [first] = items;
    switch (dice.below(6)) {
      case 0:
        return `select count(*)::int as id ${rows} group by ${first?.alias}.id having count(*) > ${this.#scalar(scope, [])}${limit}`;
      case 1:
        return `select distinct on (${first?.alias}.id) ${this.#scalar(scope, items)} as id ${rows}${limit}`;
      case 2:
        return `select ${this.#scalar(scope, items)} as id ${rows} order by ${this.#scalar(scope, items)}${limit}`;
      case 3:
        return `select sum(${this.#column(items)}) filter (where ${this.#condition(scope, [])}) over w as id ${rows} window w as (partition by ${this.#scalar(scope, items)})${limit}`;
      default:
        return `select ${this.#scalar(scope, items)} as id ${rows}${limit}`;
    }
  }

  #item(scope: Scope, items: Item[]): string {
    const dice = this.#dice;
    const inner = deeper(scope);
    switch (dice.below(scope.depth <= 0 ? 4 : 10)) {
      case 4:
      case 5:
        return `${dice.one(['', 'lateral '])}(${this.#query(inner)})${this.#alias(items, ['id'], ' (id)')}`;
      case 6: {
        const left = this.#item(inner, items);
        const before = items.length;
        const right = this.#item(inner, items);
        const joined = [items[before - 1], items.at(-1)].filter((item) => item !== undefined);
        const condition = `${this.#column(joined)} = ${this.#column(joined)}`;
        const on = dice.oneIn(3) ? this.#condition(inner, joined) : condition;
        return `${left} ${dice.one(['join', 'left join', 'right outer join'])} ${right} on ${on}`;
      }
      case 7:
        return `${this.#item(inner, items)} cross join ${this.#item(inner, items)}`;
      case 8:
        return `generate_series(1, ${this.#scalar(inner, [])})${this.#alias(items, ['id'], ' (id)')}`;
      case 9:
        return `(${this.#item(inner, items)} cross join ${this.#item(inner, items)})`;
      default:
        return this.#named(scope, items);
    }
  }

  #named(scope: Scope, items: Item[]): string {
    const relation = this.#relation(scope);
    const isExpression = scope.expressions.includes(relation);
    const isUsers = /users"?$/i.test(relation) && !isExpression && this.#dice.oneIn(8);
    return relation + this.#alias(items, isExpression ? ['id'] : isUsers ? ['mood'] : COLUMNS);
  }

  #alias(items: Item[], columns: readonly string[], names = ''): string {
    const number = this.#aliases++;
    const word = this.#dice.oneIn(12) ? WORDS[number] : undefined;
    const alias = word ?? `a${number}`;
    items.push({ alias, columns });
    return ` ${this.#dice.one(['', 'as '])}${alias}${names}`;
  }

  #relation({ expressions }: Scope): string {
    const dice = this.#dice;
    if (expressions.length > 0 && dice.oneIn(2)) return dice.one(expressions);
    const name = dice.one(RELATIONS);
    if (expressions.includes(name) || dice.oneIn(4)) return `public.${dice.one([name, `"${name}"`])}`;
    return dice.one([name, name, name.toUpperCase(), `"${name}"`]);
  }

  #column(items: readonly Item[]): string {
    if (items.length === 0) return '1';
    const { alias, columns } = this.#dice.one(items);
    return `${alias}.${this.#dice.one(columns)}`;
  }

  #scalar(scope: Scope, items: readonly Item[]): string {
    const column = this.#column(items);
    if (scope.depth <= 0) return column;
    const inner = deeper(scope);
    switch (this.#dice.below(16)) {
      case 0:
        return `(select max(id) from (${this.#query(inner)}) m)`;
      case 1:
        return `coalesce((select m.id from (${this.#query(inner)}) as m limit 1), 0)`;
      case 2:
        return `case when ${this.#condition(inner, items)} then ${column} else 2 end`;
      case 3:
        return `(extract(year from date '2020-01-01')::int + ${column})`;
      case 4:
        return `cardinality(array(${this.#query(inner)}))`;
      case 5:
        return items.length === 0 ? column : `tally(${column})`;
      default:
        return column;
    }
  }

  #condition(scope: Scope, items: readonly Item[]): string {
    const dice = this.#dice;
    const column = this.#column(items);
    const inner = deeper(scope);
    switch (dice.below(scope.depth <= 0 ? 4 : 9)) {
      case 0:
        return `${column} = 1`;
      case 1:
        return `${column} is not distinct from ${this.#column(items)}`;
      case 2:
        return `${column} > 2 and ${column} <> 4`;
      case 3:
        return `not (${column} between 1 and 3)`;
      case 4:
        return `exists (${this.#query(inner)})`;
      case 5:
        return `${column} ${dice.one(['in', '= any', 'not in', '<> all'])} (${this.#query(inner)})`;
      case 6:
        return `(${this.#condition(inner, items)} or ${this.#condition(inner, items)})`;
      default:
        return `${this.#condition(inner, items)} and ${this.#condition(inner, items)}`;
    }
  }
}

function deeper(scope: Scope): Scope {
  return { ...scope, depth: scope.depth - 1 };
}
