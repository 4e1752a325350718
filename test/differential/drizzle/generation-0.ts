import { withCachetastic } from '@cachetastic/drizzle';
import * as orm from 'drizzle-orm';
import { drizzle as libsql } from 'drizzle-orm/libsql';
import * as my from 'drizzle-orm/mysql-core';
import { drizzle as mysql2 } from 'drizzle-orm/mysql2';
import { drizzle as nodePostgres } from 'drizzle-orm/node-postgres';
import * as pg from 'drizzle-orm/pg-core';
import { drizzle as postgresJs } from 'drizzle-orm/postgres-js';
import * as lite from 'drizzle-orm/sqlite-core';
import { postgresDrivers } from '../../drizzle/support/drivers.js';
import type { Driver } from '../../drizzle/support/generation.js';
import { libsqlDriver, mysqlDriver } from '../../drizzle/support/other-drivers.js';
import type { World } from '../world.js';
import { type Columns, type Kit, mysqlKit, postgresKit, sqliteKit } from './kit.js';
import { drizzleShape, type Language } from './language.js';
import { at, RELATIONS, type Tables, tablesOf } from './tables.js';
import { drizzleWorld } from './worlds.js';

/** What `drizzle(…)` of 0.45 is given: the tables, and the relations between them. */
function schemaOf(tables: Tables): Readonly<Record<string, unknown>> {
  const relations = Object.entries(tables).map(([model, table]) => [
    `${model}Relations`,
    orm.relations(table as never, ({ one, many }) => ({
      ...Object.fromEntries(
        RELATIONS.filter(({ from }) => from === model).map(({ name, columns, to, references }) => [
          name,
          one(tables[to] as never, {
            fields: columns.map((column) => at(table, column)) as never,
            references: references.map((column) => at(tables[to], column)) as never,
            relationName: `${model}_${name}`,
          }),
        ]),
      ),
      ...Object.fromEntries(
        RELATIONS.filter(({ to }) => to === model).map(({ from, name, back }) => [
          back,
          many(tables[from] as never, { relationName: `${from}_${name}` }),
        ]),
      ),
    })),
  ]);
  return { ...tables, ...Object.fromEntries(relations) };
}

function worldsOf(
  kit: Kit,
  alias: Language['alias'],
  mock: (schema: object) => object,
  drivers: (schema: object) => readonly Driver[],
): World[] {
  const tables = tablesOf(kit, orm);
  const schema = schemaOf(tables);
  const { dialect } = kit;
  const language: Language = { generation: '0.45', dialect, orm, tables, shape: drizzleShape(dialect), alias };
  return drivers(schema).map((driver) =>
    drizzleWorld({
      name: `drizzle-0.45-${driver.name}`,
      language,
      mock: mock(schema),
      driver,
      schema,
      wrap: (base, options) => withCachetastic(base as never, options),
    }),
  );
}

const postgres = worldsOf(
  postgresKit(pg),
  (table, name) => pg.alias(table as never, name) as Columns,
  (schema) => nodePostgres.mock({ schema: schema as never }),
  (schema) =>
    postgresDrivers({
      nodePostgres: (client, settings) => nodePostgres(client as never, { schema: schema as never, ...settings }),
      postgresJs: (client, settings) => postgresJs(client as never, { schema: schema as never, ...settings }),
      pglite: () => undefined,
    }).filter(({ name }) => name !== 'PGlite'),
);

const mysql = worldsOf(
  mysqlKit(my),
  (table, name) => my.alias(table as never, name) as Columns,
  (schema) => mysql2.mock({ schema: schema as never, mode: 'planetscale' }),
  (schema) => [
    mysqlDriver((client, settings) =>
      mysql2(client as never, { schema: schema as never, mode: 'planetscale', ...settings }),
    ),
  ],
);

const sqlite = worldsOf(
  sqliteKit(lite),
  (table, name) => lite.alias(table as never, name) as Columns,
  (schema) => libsql.mock({ schema: schema as never }),
  (schema) => [libsqlDriver((client, settings) => libsql(client as never, { schema: schema as never, ...settings }))],
);

/** Drizzle 0.45 on node-postgres, postgres.js, mysql2 and libsql. */
export const WORLDS: readonly World[] = [...postgres, ...mysql, ...sqlite];
