import { drizzle } from './drizzle/orm.js';
import type { Orm } from './orm.js';
import { prisma } from './prisma/orm.js';

/** In the order of the example. */
export const ORMS: readonly Orm[] = [prisma, drizzle];
