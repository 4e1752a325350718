import { makeTypedQueryFactory } from '@prisma/client/runtime/client';
import { Prisma } from '../../support/blog.js';
import { catalogue, type Write } from './write.js';

const { writes, write } = catalogue();

/** What `prisma generate --sql` writes for a file of SQL: it asks a live database for the types, the client does not. */
const renameUser = makeTypedQueryFactory('UPDATE users SET name = $1 WHERE id = $2 RETURNING id, name');

write('$executeRaw', (db) => db.$executeRaw`UPDATE users SET name = ${'Adele'} WHERE id = ${1}`);
write(
  '$executeRaw, a value that looks like SQL',
  (db) => db.$executeRaw`UPDATE posts SET title = ${"'; UPDATE users"} WHERE id = 1`,
);
write('$executeRaw of composed SQL', (db) =>
  db.$executeRaw(
    Prisma.sql`UPDATE users SET score = 3 WHERE ${Prisma.join([Prisma.sql`id = ${1}`, Prisma.sql`score > 0`], ' AND ')}`,
  ),
);
write('$executeRawUnsafe', (db) =>
  db.$executeRawUnsafe('UPDATE "public"."posts" SET views = views + $1 WHERE id = $2', 5, 1),
);
write('$executeRawUnsafe, cascades', (db) => db.$executeRawUnsafe('DELETE FROM users WHERE id = 1'));
write('$executeRawUnsafe, comments and case', (db) =>
  db.$executeRawUnsafe('/* posts */ uPdAtE /* x */ "comments" -- UPDATE users\n sEt text = \'new\''),
);
write('$executeRawUnsafe, a block of code', (db) =>
  db.$executeRawUnsafe(`DO $$ BEGIN EXECUTE 'UPDATE us' || 'ers SET score = 99 WHERE id = 1'; END $$`),
);
write('$executeRaw of the table of a relation', (db) => db.$executeRaw`DELETE FROM "_PostToTag" WHERE "B" = 1`);
write(
  '$executeRaw MERGE or INSERT … ON CONFLICT',
  (db) => db.$executeRaw`INSERT INTO orgs (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = 'ace'`,
);
write(
  '$queryRaw that returns what it inserts',
  (db) => db.$queryRaw`INSERT INTO comments (text, post_id) VALUES (${'raw'}, 1) RETURNING id`,
);
write(
  '$queryRaw that returns what it updates',
  (db) => db.$queryRaw`UPDATE users SET score = 77 WHERE id = 1 RETURNING *`,
);
write('$queryRawUnsafe, a CTE that deletes', (db) =>
  db.$queryRawUnsafe('WITH gone AS (DELETE FROM comments WHERE post_id = 1 RETURNING id) SELECT count(*) FROM gone'),
);
write(
  '$queryRaw, a CTE that moves',
  (db) =>
    db.$queryRaw`WITH moved AS (UPDATE posts SET author_id = 2 WHERE id = 1 RETURNING id) SELECT u.name FROM users u, moved`,
);
write('$queryRaw of a function that writes', (db) => db.$queryRaw`SELECT touch_user(1)::text`);
write('TypedSQL that writes', (db) => db.$queryRawTyped(renameUser('Adele', 1)));

// Several at once
write('batch', (db) =>
  db.$transaction([
    db.user.update({ where: { id: 1 }, data: { name: 'Adele' } }),
    db.post.update({ where: { id: 1 }, data: { tags: { set: [] } } }),
    db.$executeRaw`UPDATE profiles SET bio = 'raw'`,
  ]),
);
write('batch with a read of what it writes', (db) =>
  db.$transaction([
    db.user.update({ where: { id: 1 }, data: { name: 'Adele' } }),
    db.user.findUnique({ where: { id: 1 } }),
    db.user.update({ where: { id: 1 }, data: { name: 'Adelaide' } }),
  ]),
);
write('interactive transaction', (db) =>
  db.$transaction(async (tx) => {
    await tx.user.update({ where: { id: 1 }, data: { name: 'Adele' } });
    await tx.user.findUnique({ where: { id: 1 } });
    await tx.comment.deleteMany({ where: { postId: 1 } });
    await tx.$executeRaw`UPDATE tags SET label = 'raw' WHERE id = 1`;
  }),
);
write('interactive transaction, nested', (db) =>
  db.$transaction(async (tx) => {
    await tx.user.update({ where: { id: 1 }, data: { name: 'Adele' } });
    await tx.$transaction(async (inner) => {
      await inner.post.update({ where: { id: 1 }, data: { title: 'Won' } });
    });
  }),
);
write('interactive transaction that reads, then leaves', (db) =>
  db.$transaction(
    async (tx) => {
      const seen = await tx.post.findMany({ where: { published: false } });
      for (const { id } of seen) await tx.post.update({ where: { id }, data: { published: true } });
    },
    { isolationLevel: 'Serializable' },
  ),
);

export const RAW_WRITES: readonly Write[] = writes;

/** A function that one of them calls: nothing in its name tells that it writes. */
export const RAW_FUNCTIONS = `
CREATE FUNCTION touch_user(integer) RETURNS void LANGUAGE sql VOLATILE AS $$ UPDATE users SET score = 1000 WHERE id = $1 $$;
`;
