import type { Generation } from './generation.js';
import type { Read } from './reads.js';

/** Every kind of write, by name. */
export function writesOf({ orm, blog, raw, dialect }: Generation): Readonly<Record<string, Read>> {
  const { eq, sql, gt, and } = orm;
  const { users, posts, comments, tags, postTags } = blog;
  const writes: Record<string, Read> = {
    insert: (db) => db.insert(users).values({ email: 'cleo@example.com', name: 'Cleo', score: 9 }),
    'insert several, returning': (db) =>
      db
        .insert(posts)
        .values([
          { title: 'Four', authorId: 1, views: 9 },
          { title: 'Five', authorId: 2, views: 9 },
        ])
        .returning({ id: posts.id }),
    'insert from a query': (db) =>
      raw(db, sql`insert into posts (title, author_id, views) select name, id, 7 from users`),
    'insert from a select of the builder': (db) =>
      db
        .insert(tags)
        .select(
          db
            .select({ id: sql<number>`${users.id} + 100`.as('id'), label: sql<string>`${users.name}`.as('label') })
            .from(users),
        ),
    'insert, or update on a conflict': (db) =>
      db
        .insert(users)
        .values({ email: 'bob@example.com', name: 'Robert' })
        .onConflictDoUpdate({ target: users.email, set: { name: 'Robert' } }),
    'insert, or update on a conflict, returning': (db) =>
      db
        .insert(users)
        .values({ email: 'bob@example.com', name: 'Rob' })
        .onConflictDoUpdate({ target: users.email, set: { name: 'Rob', score: 8 } })
        .returning(),
    'insert, or nothing on a conflict': (db) => db.insert(tags).values({ label: 'other' }).onConflictDoNothing(),
    'update one row': (db) => db.update(users).set({ name: 'Anna' }).where(eq(users.id, 1)),
    'update one row, returning': (db) => db.update(users).set({ score: 5 }).where(eq(users.id, 2)).returning(),
    'update many rows': (db) => db.update(posts).set({ views: sql`${posts.views} + 10` }),
    'update a key': (db) => db.update(users).set({ id: 50 }).where(eq(users.id, 1)),
    'move a row to another': (db) => db.update(posts).set({ authorId: 2 }).where(eq(posts.id, 1)),
    'update from another table': (db) =>
      raw(db, sql`update posts set title = users.name from users where users.id = posts.author_id and users.id = ${1}`),
    'update from another table, by the builder': (db) =>
      db
        .update(posts)
        .set({ title: sql`${users.name}` })
        .from(users)
        .where(and(eq(users.id, posts.authorId), eq(users.id, 2))),
    'delete one row': (db) => db.delete(comments).where(eq(comments.id, 1)),
    'delete one row, with all that belongs to it': (db) => db.delete(users).where(eq(users.id, 1)),
    'delete many rows, returning': (db) => db.delete(posts).where(gt(posts.views, 1)).returning({ title: posts.title }),
    'link rows': (db) => db.insert(postTags).values({ postId: 3, tagId: 1 }),
    'unlink rows': (db) => db.delete(postTags).where(eq(postTags.postId, 1)),
    'insert in a common table expression': (db) => {
      const added = db.$with('added').as(db.insert(tags).values({ label: 'cte' }).returning());
      return db.with(added).select().from(added);
    },
    'delete in a common table expression': (db) =>
      raw(
        db,
        sql`with gone as (delete from posts where id = 1 returning author_id) update users set score = 0 from gone where users.id = gone.author_id`,
      ),
    'raw update': (db) => raw(db, sql`update users set name = 'Raw' where id = ${2}`),
    'raw delete': (db) => raw(db, sql`delete from tags`),
    'raw truncate': (db) => raw(db, sql`truncate comments`),
    'raw truncate, with what references it': (db) => raw(db, sql`truncate posts cascade`),
    'a prepared update': (db) =>
      db
        .update(users)
        .set({ name: sql`${sql.placeholder('name')}` })
        .where(eq(users.id, sql.placeholder('id')))
        .prepare('rename')
        .execute({ id: 2, name: 'Prepared' }),
    'a transaction': (db) =>
      db.transaction(async (tx) => {
        await tx.update(users).set({ name: 'Tx' }).where(eq(users.id, 1));
        await tx.transaction((inner) => inner.insert(posts).values({ title: 'Nested', authorId: 2 }));
        await tx.delete(tags).where(eq(tags.id, 1));
      }),
    'insert, or update on a duplicate key': (db) =>
      onDuplicateKey(db.insert(users).values({ email: 'bob@example.com', name: 'Robert' }), {
        set: { name: 'Robert' },
      }),
    'update two tables at once': (db) =>
      raw(
        db,
        sql`update users, posts set users.score = 7, posts.views = 7 where posts.author_id = users.id and users.id = 1`,
      ),
    'delete from a join': (db) =>
      raw(db, sql`delete posts from posts join users on users.id = posts.author_id where users.id = 2`),
    'a batch': (db) =>
      Reflect.apply(Reflect.get(db, 'batch'), db, [
        [
          db.insert(tags).values({ label: 'batched' }),
          db.update(users).set({ name: 'Batched' }).where(eq(users.id, 2)),
          db.select().from(posts),
        ],
      ]),
  };
  if (dialect === 'postgresql')
    writes['an update, and a refresh of a materialized view'] = async (db) => {
      await db.update(users).set({ name: 'Fresh' }).where(eq(users.id, 1));
      await db.refreshMaterializedView(blog.userNames);
    };
  return Object.fromEntries(
    Object.entries(writes).filter(([what]) => NOT_OF[dialect].every((words) => !what.includes(words))),
  );
}

/** What a dialect does not have. */
const NOT_OF: Readonly<Record<Generation['dialect'], readonly string[]>> = {
  postgresql: ['on a duplicate key', 'two tables', 'from a join', 'a batch'],
  mysql: [
    'returning',
    'on a conflict',
    'from another table',
    'common table expression',
    'with what references it',
    'a batch',
  ],
  sqlite: ['on a duplicate key', 'two tables', 'from a join', 'common table expression', 'truncate'],
};

/** What only inserts of MySQL have. */
function onDuplicateKey(insert: object, config: object): PromiseLike<unknown> {
  return Reflect.apply(Reflect.get(insert, 'onDuplicateKeyUpdate'), insert, [config]);
}
