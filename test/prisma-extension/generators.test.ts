import { PrismaPg } from '@prisma/adapter-pg';
import * as client from '../fixtures/blog/generated/client/client.js';
import * as js from '../fixtures/blog/generated/js/index.js';
import { generatorsContract } from './support/client-contract.js';

generatorsContract('Prisma 7', {
  made: { 'prisma-client': client, 'prisma-client-js': js },
  adapter: (connectionString) => new PrismaPg({ connectionString }),
  nests: true,
});
