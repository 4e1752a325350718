import { withCachetastic } from '@cachetastic/drizzle';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';

const posts = pgTable('Post', { id: integer('id').primaryKey(), title: text('title').notNull() });

async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.env['DATABASE_URL'] });
  const db = withCachetastic(drizzle(pool, { schema: { posts } }), {
    redis: process.env['REDIS_URL'],
    namespace: process.env['NAMESPACE'],
  });
  const read = async (): Promise<void> => {
    const { data, info } = await db.$cache.explain(() =>
      db.$cached({ ttl: '5m' }).select().from(posts).where(eq(posts.id, 1)),
    );
    console.log([data[0]?.title, info.status, info.reason ?? ''].join('|'));
  };

  await read();
  await read();
  await db
    .update(posts)
    .set({ title: process.argv[2] ?? '' })
    .where(eq(posts.id, 1));
  await read();
  // Nothing is closed but what the application opened: the process must end by itself.
  await pool.end();
}

void main();
