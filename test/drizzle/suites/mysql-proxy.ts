import type { CacheEvent } from '@cachetastic/core';
import { eq, sql } from 'drizzle-orm';
import { int, mysqlTable } from 'drizzle-orm/mysql-core';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedMysql } from '../../support/services/index.js';
import type { Generation } from '../support/generation.js';

/** What `drizzle-orm/mysql-proxy` calls for each query. */
type Callback = (sql: string, params: unknown[], method: 'all' | 'execute') => Promise<{ rows: unknown[] }>;

/** A database of MySQL behind an HTTP server: results pass through JSON, so their columns are plain objects. */
export function mysqlProxy(
  generation: Pick<Generation, 'name' | 'withCachetastic'>,
  drizzle: (callback: Callback) => unknown,
): void {
  describe(`a proxy of MySQL on Drizzle ${generation.name}`, () => {
    const name = `cachetastic_test_${crypto.randomUUID().replaceAll('-', '')}`;
    const users = mysqlTable('users', { id: int('id').primaryKey(), posts: int('posts') });
    const posts = mysqlTable('posts', { id: int('id').primaryKey() });
    let connection: mysql.Connection;

    beforeAll(async () => {
      connection = await mysql.createConnection({ uri: await sharedMysql(), multipleStatements: true });
      await connection.query(`create database ${name}`);
      await connection.changeUser({ database: name });
      await connection.query(
        'create table users (id int primary key, posts int); create table posts (id int primary key)',
      );
      await connection.query(
        'create trigger counted after insert on posts for each row update users set posts = posts + 1',
      );
    });
    afterAll(async () => {
      await connection?.query(`drop database if exists ${name}`);
      await connection?.end();
    });

    /** @param answer - Changes what the server answers. */
    function open(options: object, answer: (sql: string, result: unknown[]) => unknown[] = (_, result) => result) {
      const events: CacheEvent[] = [];
      const base = drizzle(async (statement, params, method) => {
        const [rows, fields] = await connection.query({
          sql: statement,
          values: params,
          rowsAsArray: method === 'all',
        });
        const result = method === 'all' ? (rows as unknown[]) : [rows, fields];
        return { rows: answer(statement, JSON.parse(JSON.stringify(result)) as unknown[]) };
      });
      const onEvent = (event: CacheEvent) => void events.push(event);
      return { db: generation.withCachetastic(base as never, { ...options, onEvent } as never), events };
    }

    it.each([{}, { database: 'shop' }])(
      'is identified, and its triggers invalidate, with the options %j',
      async (options) => {
        await connection.query('delete from posts; delete from users; insert into users values (1, 0)');
        const { db, events } = open({ ...options, schema: { users, posts } });
        const read = () =>
          db
            .$cached()
            .select()
            .from(users as never)
            .where(eq(users.id, 1));
        expect(await read()).toEqual([{ id: 1, posts: 0 }]);
        expect((await db.$cache.explain(read)).info.status).toBe('hit');

        await db.execute(sql`insert into posts values (1)`);

        expect(await read()).toEqual([{ id: 1, posts: 1 }]);
        expect(events.filter(({ type }) => type === 'tier-failed' || type === 'catalogue-unread')).toEqual([]);
        await db.$cache.close();
      },
    );

    it('is not cached if it answers that it is a replica, or does not answer the questions, even if it has a name', async () => {
      const replica = (_: string, result: unknown[]) =>
        JSON.parse(JSON.stringify(result).replace('"asked_replica":"no"', '"asked_replica":"yes"')) as unknown[];
      const silent = (statement: string, result: unknown[]) => (statement.includes('asked_') ? [] : result);

      for (const answer of [replica, silent]) {
        const { db, events } = open({ database: 'shop', schema: { users, posts } }, answer);
        const read = () =>
          db
            .$cached()
            .select()
            .from(users as never);
        await read();
        expect((await db.$cache.explain(read)).info.status).toBe('bypass');
        expect(events).toContainEqual(expect.objectContaining({ type: 'tier-failed', operation: 'identify' }));
        await db.$cache.close();
      }
    });
  });
}
