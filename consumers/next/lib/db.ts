import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/client';

const make = () =>
  new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }) }).$extends(
    cachetastic({ redis: process.env.REDIS_URL, namespace: process.env.NAMESPACE }),
  );

// The pattern of Prisma's documentation: it keeps one client over hot reloads, and makes one per module in production.
const shared = globalThis as unknown as { db?: ReturnType<typeof make> };

export const db = shared.db ?? make();
if (process.env.NODE_ENV !== 'production') shared.db = db;
