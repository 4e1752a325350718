import { withCachetastic } from '@cachetastic/drizzle';
import { desc, eq, exists, inArray, type SQL, sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { type MockDatabase, POSTGRES } from './random-schemas.js';

/* What has been taken for the same and is not, or was done in another order than Drizzle does it. */

const { users, posts } = POSTGRES.tables;

type Written = { readonly sql: string; readonly params: readonly unknown[] };

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

describe('a query that resembles an earlier one has the SQL of Drizzle', () => {
  it('if it comes from another wrapped database, where the same numbers mean other tables', () => {
    const [ours, theirs] = [wrappedDatabase(), withCachetastic(POSTGRES.mock()) as unknown as MockDatabase];
    const ofUsers = ours.select({ id: users.id }).from(users).where(eq(users.id, 1));
    const ofPosts = () => theirs.select({ id: posts.id }).from(posts).where(eq(posts.id, 1)).toSQL();
    ofUsers.toSQL();
    for (let round = 0; round < 3; round += 1) ofPosts();

    expect(written(theirs, ofUsers).sql).toBe('select "id" from "users" where "users"."id" = $1');
  });

  it('if its functions differ only in using the alias or the table itself', () => {
    const build = (db: MockDatabase, alias: boolean) =>
      db.query.articles.findMany({
        where: (table) =>
          exists(
            db
              .select()
              .from(posts)
              .where(eq(posts.parentId, (alias ? table : posts).id)),
          ),
      });
    expectSame((db) => [build(db, true).toSQL(), build(db, false).toSQL()]);
  });

  it('if its objects have a class, whose getters Drizzle reads as well', () => {
    class ById {
      readonly #id: number;
      constructor(id: number) {
        this.#id = id;
      }
      get where(): SQL {
        return eq(posts.id, this.#id);
      }
    }
    const byId = (id: number): { readonly where: SQL } => new ById(id);
    const cachedById = (id: number): { readonly where: SQL } => Object.assign(new ById(id), { cache: true });
    expectSame((db, round) => [
      db.query.articles.findMany({}).toSQL(),
      db.query.articles.findMany(byId(round)).toSQL(),
      db.query.articles.findMany(cachedById(round)).toSQL(),
      db.query.articles.findMany({ with: { children: byId(round) } }).toSQL(),
    ]);
  });

  it('if it holds a list of a derived class where the other held a value', () => {
    class Ids extends Array<number> {}
    const values = [new Date(0), new Date(1), Ids.from([1, 2]), Ids.from([3])];
    expectSame((db, round) => db.select().from(users).where(sql`${users.id} = any(${values[round]})`).toSQL());
  });

  it('if its limit is -0', () => {
    expectSame((db, round) =>
      db
        .select()
        .from(users)
        .limit(round === 2 ? -0 : 0)
        .toSQL(),
    );
  });
});

describe('a query that is built', () => {
  it('calls a function in it once', () => {
    expectSame((db) => {
      const calls: string[] = [];
      const called = (name: string) => calls.push(name);
      const query = db.query.articles.findMany({
        orderBy: (table) => sql`${table.id} % ${called('orderBy')}`,
        extras: (table) => ({ more: sql`${table.id} + ${called('extras')}`.as('more') }),
        where: (table) => eq(table.id, called('where')),
        with: { children: { where: (table) => eq(table.id, called('children')) } },
      });
      return [query.toSQL(), query.toSQL(), calls];
    });
  });

  it('calls a method in it with its object', () => {
    expectSame((db, round) =>
      db.query.articles
        .findMany({
          limit: round + 1,
          where(table) {
            return eq(table.id, Number(this.limit));
          },
        })
        .toSQL(),
    );
  });

  it('keeps a union, and its other half, as it was when it became part of another query', () => {
    expectSame((db) => {
      const right = db.select({ id: posts.id }).from(posts).$dynamic();
      const all = db.select({ id: users.id }).from(users).$dynamic().union(right);
      const part = all.as('part');
      right.limit(7);
      all.limit(5);
      return db.select().from(part).toSQL();
    });
  });

  it('may change the object that a union is ordered by, as in Drizzle', () => {
    expectSame((db, round) => {
      const by = desc(users.id);
      const all = db
        .select({ id: users.id })
        .from(users)
        .union(db.select({ id: posts.id }).from(posts))
        .orderBy(by);
      all.limit(round + 1).toSQL();
      return db.select({ id: users.id }).from(users).orderBy(by).toSQL();
    });
  });

  it('calls an encoder only once', () => {
    const ticket = pg.customType<{ data: { used: boolean }; driverData: string }>({
      dataType: () => 'text',
      toDriver: (value) => {
        if (value.used) throw new Error('used already');
        value.used = true;
        return 'ticket';
      },
    });
    const tickets = pg.pgTable('tickets', { ticket: ticket('ticket') });
    expectSame((db) =>
      db
        .select()
        .from(tickets)
        .where(eq(tickets.ticket, { used: false }))
        .toSQL(),
    );
  });

  it('is returned as a plain object', () => {
    expectSame((db) => db.query.articles.findMany({ where: eq(posts.id, 1) }).toSQL());
  });

  it('takes only a few times as long as in Drizzle for a long list of equal values', () => {
    const time = (db: MockDatabase) => {
      const before = performance.now();
      for (let length = 1_000; length < 1_010; length += 1) {
        const ids = Array.from({ length }, () => 1);
        db.select().from(users).where(inArray(users.id, ids)).toSQL();
      }
      return performance.now() - before;
    };
    const [plain, wrapped] = [POSTGRES.mock(), wrappedDatabase()];
    time(plain);

    // The square of a thousand took sixty times as long.
    expect(time(wrapped)).toBeLessThan(20 * time(plain) + 50);
  });
});

/** What `db.execute` sends. */
function written(db: MockDatabase, query: { getSQL(): SQL }): Written {
  const { dialect } = db as unknown as { readonly dialect: { sqlToQuery(made: SQL): Written } };
  return dialect.sqlToQuery(query.getSQL());
}
