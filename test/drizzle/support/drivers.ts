import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import postgres from 'postgres';
import { createDatabase } from '../../support/services/index.js';
import { BLOG_SQL } from './blog-schema.js';
import type { BlogDatabase, Driver, DriverDatabase } from './generation.js';
import { type ServedPGlite, servePGlite } from './served-pglite.js';

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
  const nodePostgres: Driver = {
    name: 'node-postgres',
    create: () => createOn(nodePostgres),
    async connect(address, settings = {}, session) {
      const statements: string[] = [];
      const pool = new pg.Pool({ connectionString: address, max: 5, options: session });
      pool.on('connect', (client) => watch(client, statements));
      // The database may be dropped before the last idle connection has ended.
      pool.on('error', () => {});
      const base = drizzle.nodePostgres(pool, settings) as BlogDatabase;
      return { base, statements, close: () => pool.end() };
    },
  };
  const postgresJs: Driver = {
    name: 'postgres.js',
    create: () => createOn(postgresJs),
    async connect(address, settings = {}) {
      const statements: string[] = [];
      const client = postgres(address, {
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
  const pglite: Driver = {
    name: 'PGlite',
    elsewhere: 'node-postgres',
    create: () => createPGlite(drizzle.pglite),
    connect: nodePostgres.connect,
  };
  return [nodePostgres, postgresJs, pglite];
}

async function createOn(driver: Driver): Promise<DriverDatabase> {
  const server = await createDatabase(BLOG_SQL);
  return {
    server,
    address: async () => server.url,
    execute: (sql) => server.execute(sql),
    drop: () => server.drop(),
    connect: (settings, session) => driver.connect(server.url, settings, session),
  };
}

async function createPGlite(drizzle: Drizzles['pglite']): Promise<DriverDatabase> {
  const lite = await PGlite.create();
  await lite.exec(BLOG_SQL);
  let served: ServedPGlite | undefined;
  return {
    server: undefined,
    address: async () => {
      served ??= await servePGlite(lite);
      return served.url;
    },
    execute: async (sql) => void (await lite.exec(sql)),
    drop: async () => {
      await served?.stop();
      await lite.close();
    },
    async connect(settings = {}) {
      const statements: string[] = [];
      const base = drizzle(watchedPGlite(lite, statements), settings) as BlogDatabase;
      return { base, statements, close: async () => {} };
    },
  };
}

function watchedPGlite(lite: PGlite, statements: string[]): PGlite {
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
  return watched;
}

function watch(client: pg.ClientBase, statements: string[]): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  Reflect.set(client, 'query', (...given: unknown[]) => {
    const [first] = given;
    statements.push(typeof first === 'string' ? first : String(Reflect.get(Object(first), 'text')));
    return query(...given);
  });
}
