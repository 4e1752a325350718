import { PrismaPg } from '@prisma/adapter-pg';
import * as client from '../fixtures/blog/generated/client/client.js';
import * as js from '../fixtures/blog/generated/js/index.js';
import { clientContract, type Generated } from './support/client-contract.js';

const generators = {
  'prisma-client': { PrismaClient: client.PrismaClient, Prisma: client.Prisma },
  'prisma-client-js': { PrismaClient: js.PrismaClient, Prisma: js.Prisma },
};

for (const [generator, { PrismaClient, Prisma }] of Object.entries(generators)) {
  // The clients differ in private types only, of which each generator makes its own.
  const connect = (options: object): unknown => Reflect.construct(PrismaClient, [options]);
  clientContract(`Prisma 7, ${generator}`, {
    connect: (connectionString) =>
      connect({
        adapter: new PrismaPg({ connectionString }),
        log: [{ emit: 'event', level: 'query' }],
      }) as ReturnType<Generated['connect']>,
    Prisma: Prisma as unknown as Generated['Prisma'],
    nests: true,
  });
}
