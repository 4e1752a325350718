import { readFileSync } from 'node:fs';
import { type CachetasticOptions, cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '../fixtures/blog/generated/client/client.js';
import { exactText } from './exact-text.js';
import type { PrismaVersion } from './prisma-versions.js';
import { createDatabase, type TestDatabase } from './services/index.js';
import { Watch, watchedPool } from './watched-pool.js';

export { Prisma, PrismaClient };

/** The tables of test/fixtures/blog, in SQL. */
export const BLOG_TABLES: string = readFileSync(new URL('../fixtures/blog/schema.sql', import.meta.url), 'utf8');
const PRISMA_7: PrismaVersion = { PrismaClient, PrismaPg, Prisma };

/** How the client itself is made. */
export interface ClientSettings {
  readonly omit?: Prisma.PrismaClientOptions['omit'];
  /** Where the tables are, if not in `public`. */
  readonly schema?: string;
  readonly prisma?: PrismaVersion | undefined;
}

/** A database with the tables of test/fixtures/blog, and nothing in them. */
export function createBlogDatabase(): Promise<TestDatabase> {
  return createDatabase(BLOG_TABLES);
}

/** A client without the extension: what the database says. */
export function openPlain(url: string, { omit, schema, prisma = PRISMA_7 }: ClientSettings = {}) {
  const watch = new Watch();
  const pool = watchedPool(url, watch);
  const adapter = new prisma.PrismaPg(pool, schema === undefined ? {} : { schema });
  const client = new prisma.PrismaClient(omit === undefined ? { adapter } : { adapter, omit });
  return {
    client: client as PrismaClient,
    watch,
    /** What the client answered, as text. */
    textOf: (value: unknown): string => exactText(value, prisma.Prisma.Decimal),
    close: async (): Promise<void> => {
      await client.$disconnect();
      await pool.end();
    },
  };
}

/** A client with the extension, on connections that are watched. */
export function openBlog(url: string, options: CachetasticOptions = {}, settings: ClientSettings = {}) {
  const { client, watch, textOf, close } = openPlain(url, settings);
  const db = client.$extends(cachetastic(options));
  return {
    db,
    watch,
    textOf,
    /** The same client by the types of the plain one, for code that is given either. */
    anyDb: db as unknown as PrismaClient & Pick<typeof db, '$cached' | '$cache'>,
    close: async (): Promise<void> => {
      await db.$cache.close();
      await close();
    },
  };
}

export type Blog = ReturnType<typeof openBlog>;
export type AnyBlogDb = Blog['anyDb'];

/** What a client of Prisma 7 answered, as text. */
export function textOf(value: unknown): string {
  return exactText(value, Prisma.Decimal);
}
