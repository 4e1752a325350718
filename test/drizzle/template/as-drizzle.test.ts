import { withCachetastic } from '@cachetastic/drizzle';
import { eq, type SQL, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { type MockDatabase, POSTGRES } from './random-schemas.js';

/* What has been taken for the same and is not, or was done in another order than Drizzle does it. */

const { users, posts } = POSTGRES.tables;

/** A wrapped database that has written something, so that it knows what Drizzle's SQL looks like. */
function wrappedDatabase(): MockDatabase {
  const wrapped = withCachetastic(POSTGRES.mock()) as unknown as MockDatabase;
  wrapped.select().from(users).toSQL();
  return wrapped;
}

/** Expects that what `build` makes is the same with us and without, time after time. */
function expectSame(build: (db: MockDatabase, round: number) => unknown): void {
  const [plain, wrapped] = [POSTGRES.mock(), wrappedDatabase()];
  for (let round = 0; round < 4; round += 1) {
    expect(build(wrapped, round), `round ${round}`).toStrictEqual(build(plain, round));
  }
}

describe('what is done with a query', () => {
  it('is shown as a plain object', () => {
    expectSame((db) => db.query.articles.findMany({ where: eq(posts.id, 1) }).toSQL());
  });
});
