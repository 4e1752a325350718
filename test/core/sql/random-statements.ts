import type { Dice } from './random-dice.js';

/** A statement with the values of its parameters. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** As they are written, and as a blind collation compares them: some are equal. */
const SLUGS = ['ann', 'Ann', 'ánn', 'bob', 'BOB', 'cy', 'd-e', 'de'] as const;
const TABLES = ['orgs', 'users', 'posts', 'comments'] as const;

/** Reads and writes of few rows in the tables of {@link SMALL_SCHEMA_SQL}, told by their keys or in less certain ways. */
export class RandomStatements {
  readonly #dice: Dice;
  #thought: unknown[] = [];

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  read(): Statement {
    const dice = this.#dice;
    return this.#statement(() => {
      const table = dice.one(TABLES);
      const where = (alias: string) => this.#where(table, alias);
      switch (dice.below(7)) {
        case 0:
          return `select * from ${table} as t where ${where('t.')}`;
        case 1:
          return `select count(*)::int, max(id) from public.${table} where ${where('')}`;
        case 2:
          return `select u.*, v.id as other from users u left join users v on v.id = u.boss_id where ${this.#where('users', dice.one(['u.', 'v.']))}`;
        case 3:
          return `select u.id, p.title from users u join posts p on p.author_id = u.id where ${this.#where('users', 'u.')} and ${this.#where('posts', 'p.')}`;
        case 4:
          return `with users as (select boss_id as id, name, slug, score, procedure, org_id, boss_id from users) select * from users where ${this.#where('users', '')}`;
        case 5:
          return `select * from active_users where id = ${this.#id()}`;
        default:
          return `select * from ${table} where ${where('')}`;
      }
    });
  }

  write(): Statement {
    const dice = this.#dice;
    return this.#statement(() => {
      switch (dice.below(12)) {
        case 0:
        case 1:
          return this.#insert();
        case 2:
          return this.#upsert();
        case 3:
        case 4:
          return this.#delete();
        case 5:
          return this.#throughOthers();
        case 6:
          return this.#slugs();
        default:
          return this.#update();
      }
    });
  }

  /** Numbers the parameters that were used: more were thought of. */
  #statement(make: () => string): Statement {
    this.#thought = [];
    const parameters: unknown[] = [];
    const sql = make().replaceAll(/\$<(\d+)>/g, (_, thought: string) => {
      parameters.push(this.#thought[Number(thought)]);
      return `$${parameters.length}`;
    });
    return { sql, parameters };
  }

  #insert(): string {
    const dice = this.#dice;
    const table = dice.one(['users', 'posts', 'orgs'] as const);
    const name = table === 'users' ? 'name' : 'title';
    if (dice.oneIn(4)) return `insert into ${table} (id) values (${this.#id()}) union all select ${dice.below(8) + 1}`;
    const rows = dice.one([
      () => `values (${this.#id()}, 'x')`,
      () => `values (${this.#id()}, 'x'), (${this.#id()}, 'y')`,
      () => `values (${dice.below(8) + 1}, 'x') union all select ${dice.below(8) + 1}, 'y'`,
      () => `(values (${this.#id()}, 'x'))`,
      () => `select max(id) + 1, 'z' from ${table}`,
    ])();
    const alias = dice.one(['', '', ' as t']);
    return `insert into ${table}${alias} (id, ${name}) ${rows}${this.#returning(alias === '' ? table : 't')}`;
  }

  #upsert(): string {
    const dice = this.#dice;
    const slug = dice.one(SLUGS);
    const set = dice.one([
      'name = excluded.name',
      'slug = excluded.slug',
      `id = ${this.#id()}`,
      'score = users.score + 1 where users.score is null',
      '(id, name) = (users.id + 1, 1)',
    ]);
    const key = set.startsWith('slug') ? 'id' : dice.one(['id', 'slug']);
    return `insert into users (slug, name, id) values ('${slug}', 'up', ${this.#id()}) on conflict (${key}) do update set ${set}${this.#returning('users')}`;
  }

  #update(): string {
    const dice = this.#dice;
    const table = dice.one(TABLES);
    const alias = dice.one(['', '', ' t', ' as t']);
    const own = alias === '' ? table : 't';
    const plain = dice.one(['', `${own}.`]);
    const text = table === 'users' ? 'name' : table === 'comments' ? 'body' : 'title';
    const set = dice.one([
      `${text} = 'new'`,
      `${text} = '${dice.below(9)}', id = ${this.#id()}`,
      `id = ${own}.id + 10`,
      `(id, ${text}) = (${this.#id()}, 'two')`,
      ...(table === 'posts' ? [`author_id = ${this.#id()}`] : []),
      ...(table === 'users' ? [`slug = '${dice.one(SLUGS)}'`, `boss_id = ${this.#id()}, procedure = 1`] : []),
    ]);
    switch (dice.below(4)) {
      case 0:
        return `update ${table}${alias} set ${set} from users o where ${this.#where('users', 'o.')} and ${dice.one(['o.id', 'o.boss_id', 'o.id + 1'])} = ${own}.id${this.#returning(own, 'o')}`;
      case 1:
        // The other one may be called like the table that is written to.
        if (table !== 'users')
          return `update ${table}${dice.one(['', ' *'])} as t set ${set.replaceAll(`${own}.`, 't.')} from ${table} where ${table}.id = ${this.#id()} and t.id <> ${table}.id`;
        return `update users${dice.one(['', ' *'])} as t set name = 'x' from users where users.id = ${this.#id()} and t.boss_id = users.id`;
      default:
        return `update ${dice.one(['', 'only ', ''])}${table}${alias} set ${set} where ${this.#where(table, plain)}${this.#returning(own)}`;
    }
  }

  #delete(): string {
    const dice = this.#dice;
    const table = dice.one(TABLES);
    const alias = dice.one(['', ' t', ' as t']);
    const own = alias === '' ? table : 't';
    if (dice.oneIn(4))
      return `delete from ${table}${alias} using users o where ${this.#where('users', 'o.')} and ${dice.one(['o.id', 'o.boss_id', 'o.id + 1'])} = ${own}.id${this.#returning(own, 'o')}`;
    return `delete from ${table}${alias} where ${this.#where(table, dice.one(['', `${own}.`]))}${this.#returning(own)}`;
  }

  /** Views, data-modifying expressions, and statements of several parts. */
  #throughOthers(): string {
    const id = this.#id();
    return this.#dice.one([
      `update active_users set name = 'seen' where id = ${id}`,
      `delete from active_users where id = ${id}`,
      `with gone as (delete from posts where id = ${id} returning *) insert into comments (id, body) select id + 1, title from gone`,
      `merge into posts t using (select ${id}::int as id) s on s.id = t.id when matched then update set id = t.id + 1 when not matched then insert (id, title) values (s.id, 'm')`,
      `with moved as (update posts set title = 'm' where id = ${id} returning id) insert into comments (id, body) select id, 'c' from moved`,
    ]);
  }

  /** A slug decides, under a collation that is blind to case and accents. */
  #slugs(): string {
    const slug = this.#value(this.#dice.one(SLUGS));
    return this.#dice.one([
      `update users set score = coalesce(score, 0) + 1 where slug = ${slug}${this.#returning('users')}`,
      `update users set slug = ${slug} where id = ${this.#id()}${this.#returning('users')}`,
      `delete from users where slug = ${slug} and id < 3`,
    ]);
  }

  #returning(own: string, other?: string): string {
    const dice = this.#dice;
    if (!dice.oneIn(2)) return '';
    if (dice.oneIn(3)) return ` returning ${other === undefined ? '*' : `${other}.id`}, ${own}.id`;
    const columns = [`${own}.id`, '*', `${own}.id as key`, '1 as one'];
    if (other === undefined) columns.push('id');
    else columns.push(`${other}.id`, `${other}.slug`);
    return ` returning ${[dice.one(columns), dice.one(columns), dice.one(columns)].slice(dice.below(3)).join(', ')}`;
  }

  /** Conditions on columns behind `prefix`, most of them on the key. */
  #where(table: (typeof TABLES)[number], prefix: string): string {
    const dice = this.#dice;
    const id = `${prefix}id = ${this.#id()}`;
    const others = [
      id,
      `${this.#id()} = ${prefix}id`,
      `(${id})`,
      `${prefix}id in (${this.#id()}, ${this.#id()})`,
      `${id} or ${prefix}id = ${this.#id()}`,
      `not ${id}`,
      `${prefix}id > 0`,
      `${prefix}id < 3`,
      `${id} is not true`,
      `${prefix}id between 1 and ${this.#id()} and ${prefix}id <> 4`,
      `case when ${id} then true else ${prefix}id = ${this.#id()} end`,
    ];
    if (table === 'users') {
      const slug = `${prefix}slug = ${this.#value(dice.one(SLUGS))}`;
      // Where another clause may begin, this word begins none.
      const keyword = `${prefix}procedure`;
      others.push(
        slug,
        slug,
        `${slug} and ${id}`,
        `${id} and ${keyword} > 0 or ${slug}`,
        `${id} and (${keyword} is null or ${slug})`,
      );
    }
    if (table === 'posts')
      others.push(`${prefix}author_id = 1`, `${prefix}author_id = ${this.#id()} and ${prefix}id > 0`);
    return dice.oneIn(3) ? id : dice.one(others);
  }

  #id(): string {
    const dice = this.#dice;
    const id = dice.below(8) + 1;
    return dice.oneIn(2)
      ? String(id)
      : this.#value(dice.one([id, String(id), `0${id}`, ` ${id}`, id, id, ...(dice.oneIn(4) ? [null] : [])]));
  }

  /** Written out, as a parameter cannot be asked for its type everywhere. */
  #value(value: unknown): string {
    if (typeof value === 'string' && /^[a-zA-Z]/.test(value) && this.#dice.oneIn(2)) return `'${value}'`;
    this.#thought.push(value);
    const type = typeof value === 'string' && /[a-zá-]/i.test(value) ? 'text' : 'int';
    const place = `$<${this.#thought.length - 1}>`;
    return this.#dice.oneIn(4) ? `${place}::${type}` : place;
  }
}
