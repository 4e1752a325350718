import { withCachetastic } from '@cachetastic/drizzle';
import * as orm from 'drizzle-orm';
import { defineRelations } from 'drizzle-orm';
import { drizzle as libsql } from 'drizzle-orm/libsql';
import * as my from 'drizzle-orm/mysql-core';
import { drizzle as mysql2 } from 'drizzle-orm/mysql2';
import { drizzle as nodePostgres } from 'drizzle-orm/node-postgres';
import * as pg from 'drizzle-orm/pg-core';
import { drizzle as postgresJs } from 'drizzle-orm/postgres-js';
import * as lite from 'drizzle-orm/sqlite-core';
import { type Columns, type Kit, mysqlKit, postgresKit, sqliteKit } from '../differential/drizzle/kit.js';
import { drizzleShape, type Language } from '../differential/drizzle/language.js';
import { RELATIONS, type Tables, tablesOf } from '../differential/drizzle/tables.js';
import { drizzleWorld } from '../differential/drizzle/worlds.js';
import type { World } from '../differential/world.js';
import { postgresDrivers } from '../drizzle/support/drivers.js';
import type { Driver } from '../drizzle/support/generation.js';
import { libsqlDriver, mysqlDriver } from '../drizzle/support/other-drivers.js';

type Ends = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Relate = Readonly<Record<string, (given: object) => unknown>>;
type Relater = Ends & { readonly one: Relate; readonly many: Relate };

/** The relations that `drizzle(…)` of 1.0 is given. */
function relationsOf(tables: Tables): object {
  return defineRelations(tables as never, (r: never) => {
    const ends = r as Relater;
    const columns = (model: string, names: readonly string[]): unknown[] => names.map((name) => ends[model]?.[name]);
    const made = Object.keys(tables).map((model) => {
      const ones = RELATIONS.filter(({ from }) => from === model).map((relation) => {
        const { name, to, references } = relation;
        const given = {
          from: columns(model, relation.columns),
          to: columns(to, references),
          alias: `${model}_${name}`,
        };
        return [name, ends.one[to]?.(given)] as const;
      });
      const lists = RELATIONS.filter(({ to }) => to === model).map((relation) => {
        const { from, name, back, references } = relation;
        const given = {
          from: columns(model, references),
          to: columns(from, relation.columns),
          alias: `${from}_${name}`,
        };
        return [back, ends.many[from]?.(given)] as const;
      });
      return [model, Object.fromEntries([...ones, ...lists])] as const;
    });
    return Object.fromEntries(made) as never;
  });
}

// Typed by the first generation; the names that are used are the same in both.
const root = orm as unknown as Language['orm'];

function worldsOf(
  kit: Kit,
  alias: Language['alias'],
  mock: (relations: never) => object,
  drivers: (relations: never) => readonly Driver[],
): World[] {
  const tables = tablesOf(kit, root);
  const relations = relationsOf(tables) as never;
  const { dialect } = kit;
  const language: Language = { generation: '1.0', dialect, orm: root, tables, shape: drizzleShape(dialect), alias };
  return drivers(relations).map((driver) =>
    drizzleWorld({
      name: `drizzle-1.0-${driver.name}`,
      language,
      mock: mock(relations),
      driver,
      schema: tables,
      wrap: (base, options) => withCachetastic(base as never, options),
    }),
  );
}

const postgres = worldsOf(
  postgresKit(pg as never),
  (table, name) => pg.alias(table as never, name) as Columns,
  (relations) => nodePostgres.mock({ relations }),
  (relations) =>
    postgresDrivers({
      nodePostgres: (client, settings) => nodePostgres({ client: client as never, relations, ...settings }),
      postgresJs: (client, settings) => postgresJs({ client: client as never, relations, ...settings }),
      pglite: () => undefined,
    }).filter(({ name }) => name !== 'PGlite'),
);

const mysql = worldsOf(
  mysqlKit(my as never),
  (table, name) => my.alias(table as never, name) as Columns,
  (relations) => mysql2.mock({ relations }),
  (relations) => [mysqlDriver((client, settings) => mysql2({ client: client as never, relations, ...settings }))],
);

const sqlite = worldsOf(
  sqliteKit(lite as never),
  (table, name) => lite.alias(table as never, name) as Columns,
  (relations) => libsql.mock({ relations }),
  (relations) => [libsqlDriver((client, settings) => libsql({ client: client as never, relations, ...settings }))],
);

/** Drizzle 1.0 on node-postgres, postgres.js, mysql2 and libsql. */
export const WORLDS: readonly World[] = [...postgres, ...mysql, ...sqlite];
