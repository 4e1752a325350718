import { type CachetasticOptions, withCachetastic } from '@cachetastic/drizzle';
import { describe, expect, it } from 'vitest';
import type { CachedBlog, Generation } from '../support/generation.js';

/** What a query of `neon-http` is sent with. */
interface Sent {
  readonly sql: string;
  readonly token: string | undefined;
}

type Authorised = CachedBlog & { $withAuth(token: string): CachedBlog };

/** Queries that carry a token, by which a database behind `neon-http` judges them. */
export function tokens(generation: Generation, drizzle: (client: unknown) => object): void {
  const { eq, sql } = generation.orm;
  const { users } = generation.blog;
  const reads: Record<string, (db: CachedBlog) => PromiseLike<unknown>> = {
    'the select builder': (db) => db.select({ id: users.id, name: users.name }).from(users),
    'a prepared statement': (db) =>
      db.select({ id: users.id, name: users.name }).from(users).prepare('names').execute(),
    'a relational query': (db) => db.query.users.findMany({ columns: { id: true, name: true } }),
    'raw SQL': (db) => db.execute(sql`select id, name from users`),
  };

  /** A database that shows every caller one user, whose name is the caller's token. */
  function open(options: CachetasticOptions = {}) {
    const sent: Sent[] = [];
    const client = async (sql: string, _params: unknown, how: { arrayMode: boolean; authToken?: string }) => {
      const token = how.authToken;
      // What a cache asks when it opens.
      if (sql.includes('asked_')) return { rows: [{ asked_session: 'anyone' }] };
      sent.push({ sql, token });
      const row = { id: 1, name: `${token ?? 'nobody'} ${sent.length}` };
      return { rows: [how.arrayMode ? Object.values(row) : row], fields: [], rowCount: 1, command: 'SELECT' };
    };
    const transaction = (queries: readonly Promise<unknown>[]) => Promise.all(queries);
    const plain = drizzle(Object.assign(client, { transaction })) as Authorised;
    const given = { database: 'tokens', schema: generation.blog, ...options };
    const db = withCachetastic(plain, given) as unknown as Authorised;
    return { db, plain, given, sent };
  }
  const withToken = (db: CachedBlog, token: string): CachedBlog => (db as Authorised).$withAuth(token);
  const who = (answer: unknown): string | undefined => /(ann|bob|nobody) \d+/.exec(JSON.stringify(answer))?.[1];

  describe(`neon-http on Drizzle ${generation.name}`, () => {
    describe.each(Object.entries(reads))('%s', (_name, read) => {
      it('a query without a token is cached', async () => {
        const { db, sent } = open();
        await read(db.$cached());
        const before = sent.length;

        expect(who(await read(db.$cached()))).toBe('nobody');
        expect(sent).toHaveLength(before);
      });

      it.each(['explicit', 'all'] as const)(
        'a query with a token is not cached without a scope, in mode %s',
        async (mode) => {
          const { db } = open({ mode });
          const on = mode === 'all' ? db : db.$cached();
          await read(on);
          for (const token of ['ann', 'bob', 'ann']) {
            const { data, info } = await db.$cache.explain(() => read(withToken(on, token)));
            expect(who(data)).toBe(token);
            expect(info).toMatchObject({ status: 'bypass', reason: 'token-without-scope' });
          }
        },
      );

      it('a query with a token is cached by its scope', async () => {
        let scope = 'ann';
        const { db, sent } = open({ scope: () => scope });
        for (const token of ['ann', 'bob']) {
          scope = token;
          expect(who(await read(withToken(db.$cached(), token)))).toBe(token);
        }
        const before = sent.length;

        for (const token of ['ann', 'bob']) {
          scope = token;
          expect(who(await read(withToken(db.$cached(), token)))).toBe(token);
        }
        expect(sent).toHaveLength(before);
      });
    });

    it('a write with a token invalidates', async () => {
      const { db } = open();
      const read = () => db.$cached().select().from(users);
      await read();
      expect((await db.$cache.explain(read)).info.status).toBe('hit');

      await withToken(db, 'ann').update(users).set({ name: 'Anna' }).where(eq(users.id, 1));

      expect((await db.$cache.explain(read)).info.status).toBe('miss');
    });

    it('a batch invalidates what its statements write, and caches nothing', async () => {
      const { db, sent } = open();
      const read = () => db.$cached().select().from(users);
      await read();
      const batch = () =>
        Reflect.apply(Reflect.get(db.$cached(), 'batch'), db.$cached(), [
          [db.select().from(users), db.update(users).set({ name: 'Anna' }).where(eq(users.id, 1))],
        ]) as Promise<unknown>;

      await batch();

      expect((await db.$cache.explain(read)).info.status).toBe('miss');
      expect((await db.$cache.explain(read)).info.status).toBe('hit');
      const before = sent.length;
      await batch();
      expect(sent).toHaveLength(before + 2);
    });

    if (generation.name === '1.0')
      it('a database that had a token before it was wrapped caches nothing without a scope', async () => {
        const { plain, given } = open();
        const db = withCachetastic(withToken(plain, 'ann'), given) as unknown as CachedBlog;

        for (const read of Object.values(reads)) {
          const { info } = await db.$cache.explain(() => read(db.$cached()));
          expect(info).toMatchObject({ status: 'bypass', reason: 'token-without-scope' });
        }
      });
  });
}
