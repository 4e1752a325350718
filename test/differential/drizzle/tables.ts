import type * as Root from 'drizzle-orm';
import type { Columns, Kit } from './kit.js';

/** The tables and views of the schema, called as the models of Prisma are. */
export type Tables = Readonly<Record<string, Columns>>;

/** A foreign key, and what relational queries call it from both ends. */
export interface Relation {
  readonly from: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly to: string;
  readonly references: readonly string[];
  readonly back: string;
}

export const RELATIONS: readonly Relation[] = [
  relation('person', 'boss', ['bossId'], 'person', ['id'], 'team'),
  relation('member', 'person', ['personId'], 'person', ['id'], 'members'),
  relation('member', 'club', ['clubId'], 'club', ['id'], 'members'),
  relation('article', 'owner', ['ownerId'], 'person', ['id'], 'articles'),
  relation('articleLabel', 'article', ['articleId'], 'article', ['id'], 'articleLabels'),
  relation('articleLabel', 'label', ['labelId'], 'label', ['id'], 'articleLabels'),
  relation('order', 'buyer', ['buyerId'], 'person', ['id'], 'orders'),
  relation('line', 'order', ['year', 'number'], 'order', ['year', 'number'], 'lines'),
  relation('line', 'article', ['articleId'], 'article', ['id'], 'lines'),
  relation('visit', 'person', ['personId'], 'person', ['id'], 'visits'),
];

function relation(
  from: string,
  name: string,
  columns: readonly string[],
  to: string,
  references: readonly string[],
  back: string,
): Relation {
  return { from, name, columns, to, references, back };
}

const CASCADE = { onDelete: 'cascade', onUpdate: 'cascade' };
const SET_NULL = { onDelete: 'set null', onUpdate: 'cascade' };

/** The schema in ../fixtures, as `kit` defines it. */
export function tablesOf(kit: Kit, { eq, sql }: typeof Root): Tables {
  const person: Columns = kit.table('staff', 'people', {
    id: kit.bigId(),
    email: kit.folded('email').notNull().unique(),
    name: kit.text('name').notNull(),
    nick: kit.text('nick').notNull().default('nick'),
    level: kit.int('level').notNull().default(0),
    salary: kit.decimal('salary', 12).notNull().default('0'),
    ratio: kit.float('ratio').notNull().default(0),
    active: kit.boolean('active'),
    born: kit.date('born'),
    joined: kit.time('joined').notNull().default(sql`CURRENT_TIMESTAMP`),
    changed: kit.time('changed').notNull().default(sql`CURRENT_TIMESTAMP`),
    badge: kit.uuid('badge').unique(),
    ...kit.lists,
    notes: kit.json('notes'),
    photo: kit.bytes('photo'),
    shout: kit.text('shout').generatedAlwaysAs(sql`upper(name)`, { mode: 'stored' }),
    bossId: kit.bigint('boss_id').references(() => person['id'], SET_NULL),
  });
  const club = kit.table('staff', 'clubs', {
    id: kit.id(),
    name: kit.text('name').notNull().unique(),
    color: kit.color('color').notNull().default('RED'),
  });
  const member = kit.table(
    'staff',
    'members',
    {
      personId: kit
        .bigint('person_id')
        .notNull()
        .references(() => person['id'], CASCADE),
      clubId: kit
        .int('club_id')
        .notNull()
        .references(() => club['id'], CASCADE),
      role: kit.text('role').notNull().default('member'),
    },
    (t) => [kit.primaryKey(at(t, 'personId'), at(t, 'clubId'))],
  );
  const article = kit.table('shop', 'articles', {
    id: kit.id(),
    slug: kit.text('slug').notNull().unique(),
    title: kit.text('title').notNull(),
    color: kit.color('color'),
    price: kit.decimal('price', 10).notNull().default('0'),
    stock: kit.int('stock').notNull().default(0),
    ownerId: kit
      .bigint('owner_id')
      .notNull()
      .references(() => person['id'], CASCADE),
  });
  const label = kit.table('shop', 'labels', { id: kit.id(), word: kit.text('word').notNull().unique() });
  const articleLabel = kit.table(
    'shop',
    '_ArticleToLabel',
    {
      articleId: kit
        .int('A')
        .notNull()
        .references(() => article['id'], CASCADE),
      labelId: kit
        .int('B')
        .notNull()
        .references(() => label['id'], CASCADE),
    },
    (t) => [kit.primaryKey(at(t, 'articleId'), at(t, 'labelId'))],
  );
  const order = kit.table(
    'shop',
    'orders',
    {
      year: kit.int('year').notNull(),
      number: kit.int('number').notNull(),
      total: kit.int('total').notNull().default(0),
      paid: kit.boolean('paid').notNull().default(false),
      buyerId: kit.bigint('buyer_id').references(() => person['id'], SET_NULL),
    },
    (t) => [kit.primaryKey(at(t, 'year'), at(t, 'number'))],
  );
  const line = kit.table(
    'shop',
    'lines',
    {
      year: kit.int('year').notNull(),
      number: kit.int('number').notNull(),
      position: kit.int('position').notNull(),
      quantity: kit.int('quantity').notNull().default(1),
      articleId: kit.int('article_id').references(() => article['id'], SET_NULL),
    },
    (t) => [
      kit.primaryKey(at(t, 'year'), at(t, 'number'), at(t, 'position')),
      kit.foreignKey([at(t, 'year'), at(t, 'number')], [at(order, 'year'), at(order, 'number')]),
    ],
  );
  const visit = kit.table(
    'shop',
    'visits',
    {
      region: kit.text('region').notNull(),
      id: kit.int('id').notNull(),
      pages: kit.int('pages').notNull().default(1),
      personId: kit
        .bigint('person_id')
        .notNull()
        .references(() => person['id'], CASCADE),
    },
    (t) => [kit.primaryKey(at(t, 'region'), at(t, 'id'))],
  );
  const canary = kit.table('shop', 'canaries', { id: kit.int('id').primaryKey(), song: kit.text('song').notNull() });
  const personTotal = kit.view('person_totals', {
    id: kit.bigint('id'),
    name: kit.text('name'),
    articles: kit.int('articles'),
    orders: kit.int('orders'),
  });
  const labelUse = kit.view('label_uses', { id: kit.int('id'), word: kit.text('word'), uses: kit.int('uses') });
  const busyPerson = kit.viewOf('busy_people', (builder) => {
    const { select } = builder as { select(fields: object): Joinable };
    const fields = { id: person['id'], name: person['name'], title: article['title'] };
    return Reflect.apply(select, builder, [fields])
      .from(person)
      .innerJoin(article, eq(at(article, 'ownerId'), person['id']));
  });
  const tables = {
    person,
    club,
    member,
    article,
    label,
    articleLabel,
    order,
    line,
    visit,
    canary,
    personTotal,
    labelUse,
    busyPerson,
  };
  if (kit.dialect !== 'postgresql') return tables;
  return {
    ...tables,
    colorCount: kit.materialized('color_counts', { color: kit.text('color'), total: kit.int('total') }),
  };
}

interface Joinable {
  from(table: unknown): Joinable;
  innerJoin(table: unknown, on: unknown): Joinable;
}

/** The column `name` of `table`. */
export function at(table: Columns | undefined, name: string): Root.Column {
  const column = table?.[name];
  if (column === undefined) throw new Error(`There is no column ${name}`);
  return column;
}
