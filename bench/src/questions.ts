/** What the hits, misses and floors are measured with: a read of users. */
export interface Question {
  readonly name: string;
  readonly operation: 'findUnique' | 'findMany';
  /** The arguments of one of many questions of this kind. They bring equally many rows. */
  args(which: number): Readonly<Record<string, unknown>>;
  /** Copies the answer by hand, as a careful person would. */
  copy(answer: unknown): unknown;
}

interface Row {
  readonly createdAt: Date;
}

interface User extends Row {
  readonly updatedAt: Date;
  readonly posts?: readonly Row[];
}

export const ONE: Question = {
  name: '1 row',
  operation: 'findUnique',
  args: (which) => ({ where: { id: (which % 10_000) + 1 } }),
  copy: (answer) => copyUser(answer as User),
};

export const TEN = many('10 rows', 10, {});
export const HUNDRED = many('100 rows', 100, {});
export const TEN_WITH_POSTS = many('10 rows + posts', 10, { include: { posts: true } });
export const HUNDRED_WITH_POSTS = many('100 rows + posts', 100, { include: { posts: true } });

function many(name: string, take: number, more: object): Question {
  return {
    name,
    operation: 'findMany',
    args: (which) => ({ where: { id: { gt: which % 9_000 } }, orderBy: { id: 'asc' }, take, ...more }),
    copy: (answer) => (answer as readonly User[]).map(copyUser),
  };
}

function copyUser(user: User): User {
  const copy = { ...user, createdAt: new Date(user.createdAt), updatedAt: new Date(user.updatedAt) };
  return user.posts === undefined ? copy : { ...copy, posts: user.posts.map(copyPost) };
}

function copyPost(post: Row): Row {
  return { ...post, createdAt: new Date(post.createdAt) };
}
