import type { PrismaPg } from '@prisma/adapter-pg';
import type { Prisma, PrismaClient } from '../fixtures/blog/generated/client/client.js';

/** What one version of Prisma makes clients of. Typed as the newer one: they differ in types that no test uses. */
export interface PrismaVersion {
  readonly PrismaClient: typeof PrismaClient;
  readonly PrismaPg: typeof PrismaPg;
  readonly Prisma: typeof Prisma;
}

/** Loads the clients of test/fixtures/blog (7) or of their twin in test/prisma-6. */
export async function prismaVersion(major: 6 | 7): Promise<PrismaVersion> {
  const [client, adapter] =
    major === 7
      ? await Promise.all([import('../fixtures/blog/generated/client/client.js'), import('@prisma/adapter-pg')])
      : await Promise.all([import('../prisma-6/generated/client/client.js'), import('../prisma-6/adapter.js')]);
  const { PrismaClient, Prisma } = client;
  return { PrismaClient, PrismaPg: adapter.PrismaPg, Prisma } as unknown as PrismaVersion;
}
