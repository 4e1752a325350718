import type * as Root from 'drizzle-orm';
import type * as MySqlCore from 'drizzle-orm/mysql-core';
import type * as PgCore from 'drizzle-orm/pg-core';
import type * as SQLiteCore from 'drizzle-orm/sqlite-core';

/*
 * One way to define the tables of the schema in each dialect and generation of Drizzle. What random queries are made of has no
 * static type: columns and tables are distinguished by name.
 */

/** A column as it is defined. */
export interface Builder {
  notNull(): Builder;
  default(value: unknown): Builder;
  primaryKey(): Builder;
  unique(): Builder;
  references(column: () => unknown, actions?: object): Builder;
  generatedAlwaysAs(sql: unknown, options?: object): Builder;
}

/** A table or view: its columns by the names that code uses. */
export type Columns = Readonly<Record<string, Root.Column>>;

/** How one dialect defines what a schema is made of. */
export interface Kit {
  readonly dialect: 'postgresql' | 'mysql' | 'sqlite';
  /** @param schema - Where PostgreSQL has it. The others have one schema. */
  table(schema: 'staff' | 'shop', name: string, columns: object, extras?: (table: Columns) => unknown[]): Columns;
  view(name: string, columns: object): Columns;
  viewOf(name: string, query: (builder: unknown) => unknown): Columns;
  materialized(name: string, columns: object): Columns;
  primaryKey(...columns: Root.Column[]): unknown;
  foreignKey(columns: Root.Column[], foreign: Root.Column[]): unknown;
  bigId(): Builder;
  id(): Builder;
  bigint(name: string): Builder;
  int(name: string): Builder;
  text(name: string): Builder;
  folded(name: string): Builder;
  decimal(name: string, precision: number): Builder;
  float(name: string): Builder;
  boolean(name: string): Builder;
  date(name: string): Builder;
  time(name: string): Builder;
  uuid(name: string): Builder;
  json(name: string): Builder;
  bytes(name: string): Builder;
  color(name: string): Builder;
  /** Lists, which only PostgreSQL has. */
  readonly lists: Readonly<Record<string, Builder>>;
}

const bytes = { dataType: () => 'bytea' };
const folded = { dataType: () => 'citext' };

export function postgresKit(pg: typeof PgCore): Kit {
  const staff = pg.pgSchema('staff');
  const shop = pg.pgSchema('shop');
  const color = shop.enum('Color', ['RED', 'GREEN', 'BLUE']);
  const bytea = pg.customType<{ data: Buffer }>(bytes);
  const citext = pg.customType<{ data: string }>(folded);
  return kitOf({
    dialect: 'postgresql',
    table: (schema: 'staff' | 'shop', name: string, ...rest: [never]) =>
      schema === 'staff' ? staff.table(name, ...rest) : shop.table(name, ...rest),
    view: (name: string, columns: never) => shop.view(name, columns).existing(),
    viewOf: (name: string, query: never) => shop.view(name).as(query),
    materialized: (name: string, columns: never) => shop.materializedView(name, columns).existing(),
    primaryKey: (...columns: never) => pg.primaryKey({ columns }),
    foreignKey: (columns: never, foreignColumns: never) => cascading(pg.foreignKey({ columns, foreignColumns })),
    bigId: () => pg.bigserial('id', { mode: 'bigint' }).primaryKey(),
    id: () => pg.serial('id').primaryKey(),
    bigint: (name: string) => pg.bigint(name, { mode: 'bigint' }),
    int: pg.integer,
    text: pg.text,
    folded: (name: string) => citext(name),
    decimal: (name: string, precision: number) => pg.numeric(name, { precision, scale: 2 }),
    float: pg.doublePrecision,
    boolean: pg.boolean,
    date: (name: string) => pg.date(name, { mode: 'date' }),
    time: (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3 }),
    uuid: pg.uuid,
    json: pg.jsonb,
    bytes: (name: string) => bytea(name),
    color: (name: string) => color(name),
    lists: { skills: pg.text('skills').array().notNull(), colors: color('colors').array().notNull() },
  });
}

export function mysqlKit(my: typeof MySqlCore): Kit {
  const blob = my.customType<{ data: Buffer }>(bytes);
  const text = (name: string) => my.varchar(name, { length: 100 });
  return kitOf({
    dialect: 'mysql',
    table: (_: string, name: string, ...rest: [never]) => my.mysqlTable(name, ...rest),
    view: (name: string, columns: never) => my.mysqlView(name, columns).existing(),
    viewOf: (name: string, query: never) => my.mysqlView(name).as(query),
    primaryKey: (...columns: never) => my.primaryKey({ columns }),
    foreignKey: (columns: never, foreignColumns: never) => cascading(my.foreignKey({ columns, foreignColumns })),
    bigId: () => my.bigint('id', { mode: 'bigint' }).autoincrement().primaryKey(),
    id: () => my.int('id').autoincrement().primaryKey(),
    bigint: (name: string) => my.bigint(name, { mode: 'bigint' }),
    int: my.int,
    text,
    folded: text,
    decimal: (name: string, precision: number) => my.decimal(name, { precision, scale: 2 }),
    float: my.double,
    boolean: my.boolean,
    date: (name: string) => my.date(name, { mode: 'date' }),
    time: (name: string) => my.datetime(name, { fsp: 3 }),
    uuid: text,
    json: my.json,
    bytes: (name: string) => blob(name),
    color: (name: string) => my.mysqlEnum(name, ['RED', 'GREEN', 'BLUE']),
    lists: {},
  });
}

export function sqliteKit(lite: typeof SQLiteCore): Kit {
  const { integer, text } = lite;
  const id = () => integer('id').primaryKey({ autoIncrement: true });
  return kitOf({
    dialect: 'sqlite',
    table: (_: string, name: string, ...rest: [never]) => lite.sqliteTable(name, ...rest),
    view: (name: string, columns: never) => lite.sqliteView(name, columns).existing(),
    viewOf: (name: string, query: never) => lite.sqliteView(name).as(query),
    primaryKey: (...columns: never) => lite.primaryKey({ columns }),
    foreignKey: (columns: never, foreignColumns: never) => cascading(lite.foreignKey({ columns, foreignColumns })),
    bigId: id,
    id,
    bigint: integer,
    int: integer,
    text,
    folded: text,
    decimal: (name: string) => lite.numeric(name),
    float: lite.real,
    boolean: (name: string) => integer(name, { mode: 'boolean' }),
    date: text,
    time: text,
    uuid: text,
    json: (name: string) => text(name, { mode: 'json' }),
    bytes: (name: string) => lite.blob(name, { mode: 'buffer' }),
    color: text,
    lists: {},
  });
}

/** Drizzle's own types say more of these than random queries need. */
function kitOf(
  parts: ({ readonly dialect: Kit['dialect'] } & Readonly<Record<keyof Kit & string, unknown>>) | object,
): Kit {
  return parts as Kit;
}

function cascading(key: { onDelete(action: 'cascade'): { onUpdate(action: 'cascade'): unknown } }): unknown {
  return key.onDelete('cascade').onUpdate('cascade');
}
