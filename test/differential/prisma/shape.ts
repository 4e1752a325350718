import {
  type ColumnShape,
  lists,
  type ModelShape,
  many,
  mayTo,
  type Shape,
  text,
  to,
  unique,
} from '../../behaviour/random/shape.js';

/** What one database has of the schema, and how its client writes some values. */
export interface Dialect {
  /** Lists, partitions, materialized views. */
  readonly postgres: boolean;
  readonly decimal: (text: string) => unknown;
  /** `Prisma.DbNull` and `Prisma.JsonNull` of this client. */
  readonly jsonNulls: readonly unknown[];
}

const IDS = [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6];
const NEW_IDS = [5, 6, 7, 8, 9, 10];
const BIG_IDS = IDS.map(BigInt);
const id: ColumnShape = { type: 'int', values: IDS, fresh: NEW_IDS, optional: true, unchecked: true };
const bigId: ColumnShape = { ...id, type: 'bigint', values: BIG_IDS, fresh: NEW_IDS.map(BigInt) };
const int: ColumnShape = { type: 'int', values: [0, 1, 2, 3, 10], optional: true };
const own: ColumnShape = { type: 'int', values: [1, 1, 2, 2, 3] };
const part: ColumnShape = { ...own, unchecked: true };
const keyTo: ColumnShape = { type: 'int', values: IDS, unchecked: true };
const mayKeyTo: ColumnShape = { ...keyTo, nullable: true, optional: true };
const bigKeyTo: ColumnShape = { type: 'bigint', values: BIG_IDS, unchecked: true };
const mayBigKeyTo: ColumnShape = { ...bigKeyTo, nullable: true, optional: true };
const color: ColumnShape = { type: 'role', values: ['RED', 'GREEN', 'BLUE'], optional: true };
const UUIDS = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-00000000000a'];

/** The schema in ../fixtures, by hand, so that no error of the analysis is repeated. */
export function shapeOf(dialect: Dialect): Shape {
  const shape: Record<string, ModelShape> = {
    person: person(dialect),
    club: {
      columns: { id, name: unique('chess', 'Go', 'go'), color },
      keys: [['id'], ['name']],
      relations: { members: many('member', 'club', 'clubId') },
    },
    member: {
      columns: { personId: bigKeyTo, clubId: keyTo, role: { ...text('member', 'chair'), optional: true } },
      keys: [['personId', 'clubId']],
      relations: { person: to('person', 'members', 'personId'), club: to('club', 'members', 'clubId') },
    },
    article: {
      columns: {
        id,
        slug: unique('one', 'two', 'Two', 'three'),
        title: text('One', 'Two', 'one'),
        color: { ...color, nullable: true },
        price: { type: 'decimal', values: ['0', 1, dialect.decimal('9.99'), '1.50'], optional: true },
        stock: int,
        ownerId: bigKeyTo,
      },
      keys: [['id'], ['slug'], ['ownerId', 'title']],
      relations: {
        owner: to('person', 'articles', 'ownerId'),
        labels: lists('label', 'articles'),
        lines: many('line', 'article', 'articleId'),
      },
    },
    label: {
      columns: { id, word: unique('hot', 'Hot', 'new') },
      keys: [['id'], ['word']],
      relations: { articles: lists('article', 'labels') },
    },
    order: {
      columns: { year: own, number: own, total: int, paid: boolean(), buyerId: mayBigKeyTo },
      keys: [['year', 'number']],
      relations: { buyer: mayTo('person', 'orders', 'buyerId'), lines: many('line', 'order', 'year', 'number') },
    },
    line: {
      columns: { year: part, number: part, position: own, quantity: int, articleId: mayKeyTo },
      keys: [['year', 'number', 'position']],
      relations: { order: to('order', 'lines', 'year', 'number'), article: mayTo('article', 'lines', 'articleId') },
    },
    visit: {
      columns: {
        region: text('north', 'south', 'North'),
        id: { type: 'int', values: [1, 1, 2, 3, 4] },
        pages: int,
        personId: bigKeyTo,
      },
      keys: [['region', 'id']],
      relations: { person: to('person', 'visits', 'personId') },
    },
    personTotal: {
      columns: { id: bigId, name: text('Ada', 'Ben'), articles: int, orders: int },
      keys: [['id']],
      relations: {},
      view: true,
    },
    labelUse: {
      columns: { id: { ...int, values: [1, 2, 3] }, word: text('hot', 'Hot', 'new'), uses: int },
      keys: [['id']],
      relations: {},
      view: true,
    },
  };
  if (dialect.postgres)
    shape['colorCount'] = {
      columns: { color: text('RED', 'GREEN', 'BLUE'), total: int },
      keys: [['color']],
      relations: {},
      view: true,
    };
  return shape;
}

function person({ postgres, decimal, jsonNulls }: Dialect): ModelShape {
  const columns: Record<string, ColumnShape> = {
    id: bigId,
    email: { ...unique('Ada', 'ada', 'ADA', 'ben', 'Cleo', 'é'), type: 'folded' },
    name: text('Ada', 'Ben', 'ada', 'dora', "it's"),
    nick: { ...text('nick', '', '%'), optional: true },
    level: int,
    salary: { type: 'decimal', values: ['0', 1, '1.5', decimal('100.10')], optional: true },
    ratio: { type: 'float', values: [0, -0, 0.5, 1.5, 2], optional: true },
    active: { ...boolean(), nullable: true },
    born: { type: 'date', values: [new Date('2000-01-02'), new Date(0)], nullable: true, optional: true },
    joined: { type: 'date', values: [new Date(0), '2024-01-01T00:00:00.123Z'], optional: true },
    changed: { type: 'date', values: [new Date(0), '2024-01-01T00:00:00.000Z'], optional: true },
    badge: { type: 'uuid', values: UUIDS, nullable: true, optional: true },
    notes: { type: 'json', values: [{ a: 1 }, { a: { b: [null, -0] } }, [], 'text', 0, ...jsonNulls], optional: true },
    photo: { type: 'bytes', values: [Buffer.from('0001ff', 'hex'), new Uint8Array()], nullable: true, optional: true },
    shout: { ...text('ADA', 'BEN'), generated: true },
    bossId: mayBigKeyTo,
  };
  if (postgres) {
    columns['skills'] = { type: 'list', values: [['a'], ['a', 'b'], [], ['', 'ü']], optional: true };
    columns['colors'] = { type: 'list', values: [['RED'], ['RED', 'BLUE'], []], optional: true };
  }
  return {
    columns,
    keys: [['id'], ['email'], ['badge']],
    relations: {
      boss: mayTo('person', 'team', 'bossId'),
      team: many('person', 'boss', 'bossId'),
      articles: many('article', 'owner', 'ownerId'),
      orders: many('order', 'buyer', 'buyerId'),
      visits: many('visit', 'person', 'personId'),
      members: many('member', 'person', 'personId'),
    },
  };
}

function boolean(): ColumnShape {
  return { type: 'boolean', values: [true, false], optional: true };
}
