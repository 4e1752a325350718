import { cachetastic } from '@cachetastic/prisma-extension';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client';

export const makeDb = () =>
  new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }) }).$extends(
    cachetastic({ redis: process.env.REDIS_URL, namespace: process.env.NAMESPACE }),
  );

export interface Db extends ReturnType<typeof makeDb> {}
