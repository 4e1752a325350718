import type { Orm } from '../orm.js';
import { openClient } from './client.js';
import { readsOf } from './reads.js';
import { writesOf } from './writes.js';

export const prisma: Orm = {
  name: 'Prisma',
  asking: 'Each read says `cache: true`; for the first column it says `cache: false`.',
  counting: [
    'SQL statements as Prisma reported them; the time until the last caller had the answer.',
    '`findUnique` calls of one moment are joined by Prisma itself; other reads are not.',
  ],
  open(reach, options) {
    const client = openClient({ ...options, adapter: reach.prisma() });
    return {
      reads: readsOf(client),
      writes: writesOf(client),
      $cache: client.$cache,
      close: () => client.$disconnect(),
    };
  },
};
