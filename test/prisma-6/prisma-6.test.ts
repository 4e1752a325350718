import { PrismaPg } from '@prisma/adapter-pg';
import { clientContract, type Generated } from '../prisma-extension/support/client-contract.js';
import * as client from './generated/client/client.js';
import * as js from './generated/js/index.js';

// The contract is typed by the twin of this schema for Prisma 7.
const generators = {
  'prisma-client': { PrismaClient: client.PrismaClient, Prisma: client.Prisma },
  'prisma-client-js': { PrismaClient: js.PrismaClient, Prisma: js.Prisma },
};

for (const [generator, { PrismaClient, Prisma }] of Object.entries(generators)) {
  // The clients differ in private types only, of which each generator makes its own.
  const connect = (options: object): unknown => Reflect.construct(PrismaClient, [options]);
  clientContract(`Prisma 6, ${generator}`, {
    connect: (connectionString) =>
      connect({
        adapter: new PrismaPg({ connectionString }),
        log: [{ emit: 'event', level: 'query' }],
      }) as ReturnType<Generated['connect']>,
    Prisma: Prisma as unknown as Generated['Prisma'],
    nests: false,
  });
}
