import { PrismaPg } from '@prisma/adapter-pg';
import { generatorsContract } from '../prisma-extension/support/client-contract.js';
import * as client from './generated/client/client.js';
import * as js from './generated/js/index.js';

// The contract is typed by the twin of this schema for Prisma 7.
generatorsContract('Prisma 6', {
  made: { 'prisma-client': client, 'prisma-client-js': js },
  adapter: (connectionString) => new PrismaPg({ connectionString }),
  nests: false,
});
