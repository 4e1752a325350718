import type * as Root from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Tables } from './schema.js';

/** What all generations have in common, typed as 0.45 has it. */
export type Database = NodePgDatabase<Tables>;

/** A read of users, of which there are many that bring equally many rows. */
export interface DrizzleQuestion {
  readonly name: string;
  /** How many times faster than the database a hit shall be. */
  readonly goal?: number | undefined;
  ask(database: Database, which: number): PromiseLike<unknown>;
  /** The same, asking for Drizzle's own cache. */
  readonly askNative?: DrizzleQuestion['ask'] | undefined;
  /** Prepares it once. What it returns asks it. */
  readonly prepare?: ((database: Database) => (which: number) => PromiseLike<unknown>) | undefined;
}

const LONG = { config: { ex: 600 } };

/** Reads by the select builder. */
export function selectsOf({ users }: Tables, { asc, eq, gt, sql }: typeof Root): readonly DrizzleQuestion[] {
  const byId = (database: Database, which: number) =>
    database
      .select()
      .from(users)
      .where(eq(users.id, (which % 10_000) + 1));
  const one: DrizzleQuestion = {
    name: '1 row',
    goal: 40,
    ask: byId,
    askNative: (database, which) => byId(database, which).$withCache(LONG),
    prepare: (database) => {
      const prepared = database
        .select()
        .from(users)
        .where(eq(users.id, sql.placeholder('id')))
        .prepare('user_by_id');
      return (which) => prepared.execute({ id: (which % 10_000) + 1 });
    },
  };
  const many = (rows: number, goal?: number): DrizzleQuestion => {
    const build = (database: Database, which: number) =>
      database
        .select()
        .from(users)
        .where(gt(users.id, which % 9_000))
        .orderBy(asc(users.id))
        .limit(rows);
    return {
      name: `${rows} rows`,
      goal,
      ask: build,
      askNative: (database, which) => build(database, which).$withCache(LONG),
      prepare: (database) => {
        const prepared = database
          .select()
          .from(users)
          .where(gt(users.id, sql.placeholder('after')))
          .orderBy(asc(users.id))
          .limit(rows)
          .prepare(`users_${rows}`);
        return (which) => prepared.execute({ after: which % 9_000 });
      },
    };
  };
  return [one, many(10), many(100, 20)];
}
