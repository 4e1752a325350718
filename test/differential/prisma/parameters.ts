import type { BoundSql, RawStatements } from '../../behaviour/random/raw-writes.js';
import type { RawRead } from './statements.js';

/** A raw read with its parameters, and the models that it reads. */
export interface RawQuery extends Omit<RawRead, 'sql'> {
  readonly sql: string | BoundSql;
}

/** What statements with parameters differ by from database to database. */
export interface Binding {
  readonly named: (table: string) => string;
  readonly numbered: boolean;
  readonly decimal: (text: string) => unknown;
}

type Id = () => number;

const UUID = '00000000-0000-4000-8000-00000000000';
const EMAILS = ['Ada', 'ADA', 'ben', 'Ben', 'Cleo', 'cleo', 'dora', 'é', 'u1'];
const SLUGS = ['one', 'two', 'Two', 'three', 'ONE'];
const TITLES = ['One', 'Two', 'one'];
const REGIONS = ['north', 'south', 'North'];

const one = <Item>(items: readonly Item[], id: Id): Item => items[id() % items.length] as Item;

/** A whole number in one of the forms that every database takes for it. */
function whole(id: Id): unknown {
  const value = id();
  return one([value, BigInt(value), String(value), `0${value}`], id);
}

/** A UUID, as PostgreSQL spells it and in other ways. */
function uuid(id: Id): string {
  const value = `${UUID}${one(['1', 'a', 'A'], id)}`;
  return one([value, value.replaceAll('-', ''), `{${value}}`], id);
}

/** Raw SQL that reads, with parameters of every type that may find a row. */
export function boundReads({ named, numbered, decimal }: Binding): readonly ((id: Id) => RawQuery)[] {
  const [people, articles, lines, visits] = ['people', 'articles', 'lines', 'visits'].map(named);
  const from = (text: string, models: readonly string[], ...values: readonly unknown[]): RawQuery => ({
    sql: { text, values, numbered },
    models,
  });
  return [
    (id) => from(`SELECT * FROM ${people} WHERE id = ?`, ['Person'], whole(id)),
    (id) => from(`SELECT * FROM ${people} p WHERE ? = p.id AND p.level >= ?`, ['Person'], whole(id), id() % 2),
    (id) => from(`SELECT * FROM ${people} WHERE email = ? ORDER BY id`, ['Person'], one(EMAILS, id)),
    (id) => from(`SELECT * FROM ${people} WHERE badge = ?`, ['Person'], uuid(id)),
    () => from(`SELECT * FROM ${people} WHERE born = ? ORDER BY id`, ['Person'], new Date('2000-01-02')),
    (id) => from(`SELECT * FROM ${people} WHERE active = ? ORDER BY id`, ['Person'], id() % 2 === 0),
    () => from(`SELECT id, name FROM ${people} WHERE photo = ? ORDER BY id`, ['Person'], Buffer.from('0001ff', 'hex')),
    (id) => from(`SELECT * FROM ${articles} WHERE slug = ?`, ['Article'], one(SLUGS, id)),
    (id) => from(`SELECT * FROM ${articles} WHERE owner_id = ? AND title = ?`, ['Article'], whole(id), one(TITLES, id)),
    (id) => from(`SELECT * FROM ${articles} WHERE price = ? ORDER BY id`, ['Article'], one([decimal('9.99'), 0], id)),
    (id) =>
      from(`SELECT * FROM ${named('members')} WHERE person_id = ? AND club_id = ?`, ['Member'], whole(id), whole(id)),
    (id) => from(`SELECT * FROM ${named('orders')} WHERE year = ? AND number = ?`, ['Order'], whole(id), whole(id)),
    (id) => from(`SELECT * FROM ${visits} WHERE region = ? AND id = ?`, ['Visit'], one(REGIONS, id), whole(id)),
    (id) =>
      from(
        `SELECT a.id, a.title, p.email FROM ${articles} a JOIN ${people} p ON p.id = a.owner_id WHERE p.email = ? ORDER BY a.id`,
        ['Article', 'Person'],
        one(EMAILS, id),
      ),
    (id) =>
      from(
        `SELECT o.total, l.quantity FROM ${named('orders')} o LEFT JOIN ${lines} l ON l.year = o.year AND l.number = o.number WHERE o.year = ? AND o.number = ? ORDER BY l.position`,
        ['Order', 'Line'],
        whole(id),
        whole(id),
      ),
    (id) =>
      from(
        `SELECT l.id, l.word FROM ${named('labels')} l WHERE l.id = ? AND EXISTS (SELECT 1 FROM ${named('_ArticleToLabel')} j WHERE j.${named('B')} = l.id)`,
        ['Label', 'Article'],
        whole(id),
      ),
    (id) => from(`SELECT * FROM ${named('person_totals')} WHERE id = ?`, ['PersonTotal'], whole(id)),
  ];
}

/** Raw SQL that writes rows which parameters name, and returns some of them. */
export function boundWrites({ named, numbered, decimal }: Binding, folder: string): RawStatements {
  const [people, articles, visits] = ['people', 'articles', 'visits'].map(named);
  const bound = (text: string, ...values: readonly unknown[]): BoundSql => ({ text, values, numbered });
  const common: RawStatements = [
    (id) => bound(`UPDATE ${people} SET name = ? WHERE id = ?`, one(TITLES, id), whole(id)),
    (id) => bound(`UPDATE ${people} SET level = level + 1 WHERE email = ?`, one(EMAILS, id)),
    (id) => bound(`UPDATE ${people} SET email = ?, level = 3 WHERE id = ?`, one(EMAILS, id), whole(id)),
    (id) => bound(`UPDATE ${people} SET badge = ? WHERE ? = id`, uuid(id), whole(id)),
    (id) => bound(`UPDATE ${people} SET salary = ?, active = ? WHERE badge = ?`, decimal('2.50'), true, uuid(id)),
    (id) => bound(`UPDATE ${people} SET born = ? WHERE id = ? AND level < ?`, new Date(0), whole(id), 3),
    (id) => bound(`UPDATE ${articles} SET slug = ? WHERE id = ?`, one(SLUGS, id), whole(id)),
    (id) => bound(`UPDATE ${articles} SET owner_id = ? WHERE slug = ?`, whole(id), one(SLUGS, id)),
    (id) =>
      bound(
        `UPDATE ${visits} SET region = ? WHERE region = ? AND id = ?`,
        one(REGIONS, id),
        one(REGIONS, id),
        whole(id),
      ),
    (id) => bound(`DELETE FROM ${visits} WHERE id = ? AND region = ?`, whole(id), one(REGIONS, id)),
    (id) => bound(`DELETE FROM ${people} WHERE email = ?`, one(EMAILS, id)),
    (id) =>
      bound(`INSERT INTO ${visits} (region, id, pages, person_id) VALUES (?, ?, 1, ?)`, one(REGIONS, id), id(), id()),
    (id) =>
      bound(
        `INSERT INTO ${articles} (slug, title, price, owner_id) VALUES (?, ?, ?, ?)`,
        one(SLUGS, id),
        one(TITLES, id),
        decimal('9.99'),
        whole(id),
      ),
    (id) => bound(`INSERT INTO ${named('members')} (person_id, club_id) VALUES (?, ?)`, whole(id), whole(id)),
  ];
  if (folder === 'mysql') return common;
  return [
    ...common,
    (id) => bound(`UPDATE ${people} SET level = level + 1 WHERE level = ? RETURNING id`, id() % 3),
    (id) =>
      bound(`UPDATE ${people} SET email = ? WHERE email = ? RETURNING email, id`, one(EMAILS, id), one(EMAILS, id)),
    (id) => bound(`UPDATE ${articles} SET stock = 5 WHERE owner_id = ? RETURNING id, slug AS title`, whole(id)),
    (id) => bound(`DELETE FROM ${articles} WHERE title = ? RETURNING id`, one(TITLES, id)),
    (id) => bound(`INSERT INTO ${named('labels')} (word) VALUES (?) RETURNING id, word`, one(SLUGS, id)),
    (id) =>
      bound(
        `INSERT INTO ${named('labels')} (id, word) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET word = excluded.word RETURNING id`,
        whole(id),
        one(SLUGS, id),
      ),
  ];
}
