import type { PrismaClient } from '../../support/blog.js';

/** A question that is asked of a caching client and of the database. */
export interface Read {
  readonly name: string;
  /** The models of raw SQL, for `$cached`. */
  readonly models?: readonly string[];
  ask(db: PrismaClient): Promise<unknown>;
}

const reads: Read[] = [];

function read(name: string, ask: (db: PrismaClient) => PromiseLike<unknown>, models?: readonly string[]): void {
  reads.push({ name, ask: async (db) => ask(db), ...(models === undefined ? {} : { models }) });
}

// One row
read('user by id', (db) => db.user.findUnique({ where: { id: 1 } }));
read('user by id, another', (db) =>
  db.user.findUnique({ where: { id: 5 }, select: { id: true, name: true, score: true } }),
);
read('user by unique field', (db) => db.user.findUnique({ where: { email: 'u2@x.org' } }));
read('user or throw', (db) => db.user.findUniqueOrThrow({ where: { id: 6 } }));
read('user who is not there', (db) => db.user.findUnique({ where: { email: 'new@x.org' } }));
read('post by compound unique', (db) =>
  db.post.findUnique({ where: { authorId_title: { authorId: 1, title: 'Two' } } }),
);
read('membership by compound id', (db) =>
  db.membership.findUnique({ where: { userId_orgId: { userId: 1, orgId: 1 } } }),
);
read('first user by name', (db) => db.user.findFirst({ where: { name: { startsWith: 'B' } }, orderBy: { id: 'asc' } }));
read('first post or throw', (db) => db.post.findFirstOrThrow({ orderBy: [{ views: 'desc' }, { id: 'asc' }] }));

// Lists
read('users by role and score', (db) =>
  db.user.findMany({ where: { role: { in: ['MEMBER', 'ADMIN'] }, score: { gte: 10 } }, orderBy: { id: 'asc' } }),
);
read('published posts, a window', (db) =>
  db.post.findMany({ where: { published: true }, orderBy: { views: 'desc' }, skip: 1, take: 3 }),
);
read('distinct authors', (db) =>
  db.post.findMany({ distinct: ['authorId'], select: { authorId: true }, orderBy: { authorId: 'asc' } }),
);
read('users without organisation', (db) => db.user.findMany({ where: { orgId: null }, orderBy: { id: 'asc' } }));

// Relation filters and order
read('users with some red post', (db) =>
  db.user.findMany({ where: { posts: { some: { tags: { some: { label: 'red' } } } } }, orderBy: { id: 'asc' } }),
);
read('users with every post published', (db) =>
  db.user.findMany({ where: { posts: { every: { published: true } } }, orderBy: { id: 'asc' } }),
);
read('users with no comments', (db) => db.user.findMany({ where: { comments: { none: {} } }, orderBy: { id: 'asc' } }));
read('posts whose author is at acme', (db) =>
  db.post.findMany({ where: { author: { is: { org: { is: { name: 'acme' } } } } }, orderBy: { id: 'asc' } }),
);
read('posts by author name', (db) => db.post.findMany({ orderBy: [{ author: { name: 'asc' } }, { id: 'asc' }] }));
read('posts by number of comments', (db) =>
  db.post.findMany({ select: { slug: true }, orderBy: [{ comments: { _count: 'desc' } }, { id: 'asc' }] }),
);

// Relations
read('posts, two deep', (db) =>
  db.post.findMany({
    include: {
      author: { include: { org: true, profile: true } },
      comments: { include: { author: true }, orderBy: { id: 'asc' } },
    },
    orderBy: { id: 'asc' },
  }),
);
read('user, nested select', (db) =>
  db.user.findUnique({
    where: { id: 3 },
    select: {
      name: true,
      profile: { select: { bio: true } },
      posts: { select: { title: true, category: { select: { name: true } } }, orderBy: { id: 'asc' } },
    },
  }),
);
read('posts with tags', (db) =>
  db.post.findMany({ include: { tags: { orderBy: { id: 'asc' } } }, orderBy: { id: 'asc' } }),
);
read('tags with posts', (db) =>
  db.tag.findMany({ include: { posts: { select: { title: true }, orderBy: { id: 'asc' } } }, orderBy: { id: 'asc' } }),
);
read('reviews of a user', (db) =>
  db.user.findUnique({ where: { id: 2 }, include: { reviews: { orderBy: { id: 'asc' } } } }),
);
read('organisations with members', (db) =>
  db.org.findMany({
    include: { members: { include: { user: true }, orderBy: { userId: 'asc' } }, users: { orderBy: { id: 'asc' } } },
    orderBy: { id: 'asc' },
  }),
);
read('category tree', (db) =>
  db.category.findMany({ include: { parent: true, children: { orderBy: { id: 'asc' } } }, orderBy: { id: 'asc' } }),
);

// Counts and sums
read('users with counts', (db) =>
  db.user.findMany({
    select: { id: true, _count: { select: { comments: true, posts: { where: { published: true } } } } },
    orderBy: { id: 'asc' },
  }),
);
read('tags with counts', (db) =>
  db.tag.findMany({ select: { label: true, _count: { select: { posts: true } } }, orderBy: { id: 'asc' } }),
);
read('sums over posts', (db) =>
  db.post.aggregate({ _sum: { views: true }, _avg: { views: true }, _max: { title: true }, _count: { _all: true } }),
);
read('sums over balances', (db) => db.user.aggregate({ _sum: { balance: true }, _min: { createdAt: true } }));
read('views by author', (db) =>
  db.post.groupBy({
    by: ['authorId'],
    _sum: { views: true },
    having: { views: { _sum: { gt: 250 } } },
    orderBy: { authorId: 'asc' },
  }),
);
read('comments on posts of Ada', (db) => db.comment.count({ where: { post: { author: { name: 'Ada' } } } }));
read('profiles, counted', (db) => db.profile.count({ select: { _all: true, bio: true } }));

// What an argument cannot reach
read('fluent: posts of a user', (db) => db.user.findUnique({ where: { id: 1 } }).posts({ orderBy: { id: 'asc' } }));
read('fluent: two steps', (db) =>
  db.user
    .findUnique({ where: { id: 2 } })
    .org()
    .users({ orderBy: { id: 'asc' } }),
);
read(
  'raw SQL',
  (db) =>
    db.$queryRaw`SELECT u.name, count(p.id) AS posts, sum(p.views) AS views FROM users u LEFT JOIN posts p ON p.author_id = u.id WHERE u.score >= ${10} GROUP BY u.id, u.name ORDER BY u.id`,
  ['User', 'Post'],
);

/** Every read of the matrix. Each says its order: the database may return the same rows in any other. */
export const READS: readonly Read[] = reads;
