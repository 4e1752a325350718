import type { CachedBlog, Generation } from './generation.js';

/** A query, asked of a database that caches or of one that does not. */
export type Read = (db: CachedBlog) => PromiseLike<unknown>;

/** Every way in which a query may reach a table, by name. */
export function readsOf({
  orm,
  pg,
  blog,
  equals,
  name,
  raw,
  lacks,
  dialect,
}: Generation): Readonly<Record<string, Read>> {
  const { eq, sql, gt, exists, inArray, asc, desc } = orm;
  const { except, union } = pg;
  const { users, posts, comments, tags, postTags, busyUsers, busiestUsers, userNames } = blog;
  const writer = pg.alias(users, 'writer');
  const through: Read =
    name === '1.0'
      ? (db) => db.query.posts.findMany({ with: { tags: true }, orderBy: { id: 'asc' } })
      : (db) => db.query.posts.findMany({ with: { postTags: { with: { tag: true } } } });
  const reads: Record<string, Read> = {
    'a table': (db) => db.select().from(users).orderBy(asc(users.id)),
    'a join': (db) => db.select().from(users).innerJoin(posts, eq(posts.authorId, users.id)).orderBy(asc(posts.id)),
    'a left join': (db) =>
      db
        .select()
        .from(posts)
        .leftJoin(comments, eq(comments.postId, posts.id))
        .orderBy(asc(posts.id), asc(comments.id)),
    'an alias': (db) =>
      db
        .select({ title: posts.title, writer: writer.name })
        .from(posts)
        .innerJoin(writer, eq(posts.authorId, writer.id))
        .orderBy(asc(posts.id)),
    'a subquery in from': (db) => {
      const named = db.select({ id: users.id, name: users.name }).from(users).as('named');
      return db.select().from(named).orderBy(asc(named.id));
    },
    'a subquery in where': (db) =>
      db
        .select()
        .from(posts)
        .where(inArray(posts.authorId, db.select({ id: users.id }).from(users).where(gt(users.score, 2))))
        .orderBy(asc(posts.id)),
    'a subquery in select': (db) =>
      db
        .select({
          id: users.id,
          count: sql<number>`(select count(*) from ${posts} where ${posts.authorId} = ${users.id})`,
        })
        .from(users)
        .orderBy(asc(users.id)),
    exists: (db) =>
      db
        .select({ name: users.name })
        .from(users)
        .where(exists(db.select({ one: sql`1` }).from(posts).where(eq(posts.authorId, users.id))))
        .orderBy(asc(users.id)),
    'the right side of a union': (db) =>
      db
        .select({ text: posts.title })
        .from(posts)
        .union(db.select({ text: users.name }).from(users))
        .orderBy(sql`1`),
    'what is in one of three and not in the other': (db) =>
      except(
        union(db.select({ text: posts.title }).from(posts), db.select({ text: users.name }).from(users)),
        db.select({ text: comments.text }).from(comments),
      ).orderBy(sql`1`),
    'a subquery of subqueries': (db) => {
      const authors = db.select({ id: posts.authorId }).from(posts).where(gt(posts.views, 1)).as('authors');
      const found = db
        .select({ name: users.name })
        .from(users)
        .where(inArray(users.id, db.select({ id: authors.id }).from(authors)))
        .as('found');
      return db.selectDistinct().from(found).orderBy(asc(found.name));
    },
    'a count in a select': (db) =>
      db
        .select({ id: users.id, comments: db.$count(comments, eq(comments.userId, users.id)) })
        .from(users)
        .orderBy(asc(users.id)),
    'a query that another builder began': (db) => {
      const joined = new pg.QueryBuilder()
        .select({ title: posts.title, text: comments.text })
        .from(posts)
        .innerJoin(comments, eq(comments.postId, posts.id))
        .as('joined');
      return db.select().from(joined).orderBy(asc(joined.text));
    },
    'a common table expression': (db) => {
      const busy = db.$with('busy').as(db.select({ id: posts.authorId }).from(posts).where(gt(posts.views, 1)));
      return db
        .with(busy)
        .select({ name: users.name })
        .from(users)
        .innerJoin(busy, eq(busy.id, users.id))
        .orderBy(asc(users.id));
    },
    'a recursive common table expression': (db) =>
      raw(
        db,
        sql`
        with recursive chain (id, depth) as (
          select id, 1 from posts where author_id = 1 union all
          select posts.id, depth + 1 from posts join chain on posts.id = chain.id + 1 where depth < 3
        ) select chain.id, depth from chain order by 1, 2`,
      ),
    'a lateral join': (db) =>
      raw(
        db,
        sql`
        select users.name, newest.title from ${users} left join lateral
          (select title from ${posts} where author_id = users.id order by posts.id desc limit 1) newest on true order by users.id`,
      ),
    'a view': (db) => db.select().from(busyUsers).orderBy(asc(busyUsers.id)),
    'a view of a view': (db) => db.select().from(busiestUsers).orderBy(asc(busiestUsers.id)),
    'relations, three deep': (db) =>
      db.query.users.findMany({ with: { posts: { with: { comments: { with: { user: true } } } } } }),
    'many to many': through,
    'one row by its key': (db) => db.select().from(users).where(eq(users.id, 1)),
    'one row by its key, with relations': (db) =>
      db.query.users.findFirst({ where: equals('id', 1), with: { posts: true } }),
    'one row by a unique column': (db) => db.select().from(users).where(eq(users.email, 'bob@example.com')),
    'a count': (db) => db.$count(posts, gt(posts.views, 1)),
    'groups and sums': (db) =>
      db
        .select({ author: posts.authorId, views: sql<string>`sum(${posts.views})`, posts: sql<string>`count(*)` })
        .from(posts)
        .groupBy(posts.authorId)
        .orderBy(asc(posts.authorId)),
    'raw SQL': (db) =>
      raw(db, sql`select p.title, u.name from posts p, users u where u.id = p.author_id order by p.id`),
    tags: (db) => db.select().from(tags).leftJoin(postTags, eq(postTags.tagId, tags.id)).orderBy(asc(tags.id)),
    'a prepared statement': (db) =>
      db
        .select()
        .from(posts)
        .where(gt(posts.views, sql.placeholder('views')))
        .orderBy(asc(posts.id))
        .prepare('popular')
        .execute({ views: 1 }),
  };
  if (dialect === 'postgresql') {
    reads['a lateral join of the builder'] = (db) => {
      const newest = db
        .select({ title: posts.title })
        .from(posts)
        .where(eq(posts.authorId, users.id))
        .orderBy(desc(posts.id))
        .limit(1)
        .as('newest');
      return db.select().from(users).leftJoinLateral(newest, sql`true`).orderBy(asc(users.id));
    };
    reads['a materialized view'] = (db) => db.select().from(userNames).orderBy(asc(userNames.id));
  }
  return Object.fromEntries(Object.entries(reads).filter(([what]) => !lacks.includes(what)));
}
