import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import postgres from 'postgres';
import { createDatabase } from '../../support/services/index.js';
import { BLOG_SQL } from './blog-schema.js';
import type { BlogDatabase, Driver } from './generation.js';

/** `drizzle` of the three PostgreSQL drivers, of one generation. */
export interface Drizzles {
  readonly nodePostgres: (client: unknown, settings: object) => unknown;
  readonly postgresJs: (client: unknown, settings: object) => unknown;
  readonly pglite: (client: unknown, settings: object) => unknown;
}

/** Types that postgres.js asks the server for when it connects. */
const OF_THE_DRIVER = /pg_catalog\.pg_type/;

/** The PostgreSQL drivers, given how each generation makes a database of a client. */
export function postgresDrivers(drizzle: Drizzles): readonly Driver[] {
  return [
    {
      name: 'node-postgres',
      async create() {
        const server = await createDatabase(BLOG_SQL);
        return {
          server,
          execute: (sql) => server.execute(sql),
          drop: () => server.drop(),
          async connect(settings = {}, session) {
            const statements: string[] = [];
            const pool = new pg.Pool({ connectionString: server.url, max: 5, options: session });
            pool.on('connect', (client) => watch(client, statements));
            // The database may be dropped before the last idle connection has ended.
            pool.on('error', () => {});
            const base = drizzle.nodePostgres(pool, settings) as BlogDatabase;
            return { base, statements, close: () => pool.end() };
          },
        };
      },
    },
    {
      name: 'postgres.js',
      async create() {
        const server = await createDatabase(BLOG_SQL);
        return {
          server,
          execute: (sql) => server.execute(sql),
          drop: () => server.drop(),
          async connect(settings = {}) {
            const statements: string[] = [];
            const client = postgres(server.url, {
              max: 5,
              onnotice: () => {},
              debug: (_connection, sql) => {
                if (!OF_THE_DRIVER.test(sql)) statements.push(sql);
              },
            });
            const base = drizzle.postgresJs(client, settings) as BlogDatabase;
            return { base, statements, close: () => client.end() };
          },
        };
      },
    },
    {
      name: 'PGlite',
      async create() {
        const lite = await PGlite.create();
        await lite.exec(BLOG_SQL);
        return {
          server: undefined,
          execute: async (sql) => void (await lite.exec(sql)),
          drop: () => lite.close(),
          async connect(settings = {}) {
            const statements: string[] = [];
            const watched = Object.create(lite) as PGlite;
            watched.query = ((sql: string, ...more: []) => {
              statements.push(sql);
              return lite.query(sql, ...more);
            }) as PGlite['query'];
            watched.transaction = (work) =>
              lite.transaction((tx) =>
                work({
                  ...tx,
                  query: (sql: string, ...more: []) => {
                    statements.push(sql);
                    return tx.query(sql, ...more);
                  },
                } as typeof tx),
              );
            const base = drizzle.pglite(watched, settings) as BlogDatabase;
            return { base, statements, close: async () => {} };
          },
        };
      },
    },
  ];
}

function watch(client: pg.ClientBase, statements: string[]): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  Reflect.set(client, 'query', (...given: unknown[]) => {
    const [first] = given;
    statements.push(typeof first === 'string' ? first : String(Reflect.get(Object(first), 'text')));
    return query(...given);
  });
}
