import type { Change, Query } from '@cachetastic/core';

/** What Prisma's extension derives from the update of one row by its id. */
export function updateOf(model: string, row: number): readonly Change[] {
  const id = `i:${row}`;
  return [{ kind: 'model', model, op: 'update', before: { id }, after: { id, email: `t:somebody${row}examplecom` } }];
}

/** The question for one user by id. */
export function userById(row: number): Query<User> {
  return {
    name: 'User.findUnique',
    keyParts: ['User', 'findUnique', { where: { id: row } }],
    footprint: { dependencies: [{ model: 'users', where: { id: `i:${row}` } }], tags: [] },
    lifetime: { ttl: 600_000, swr: 0, grace: 0 },
  };
}

export interface User {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Date;
}
