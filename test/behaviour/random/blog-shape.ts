import { Prisma } from '../../support/blog.js';
import { type ColumnShape, lists, many, mayTo, one, type Shape, text, to, unique } from './shape.js';

/** Mostly those of the first rows, so that much of what is asked for is there. */
const IDS = [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8];
const NEW_IDS = [5, 6, 7, 8, 9, 10, 11, 12];
const id: ColumnShape = { type: 'int', values: IDS, fresh: NEW_IDS, optional: true, unchecked: true };
const keyTo: ColumnShape = { type: 'int', values: IDS, unchecked: true };
const mayKeyTo: ColumnShape = { ...keyTo, nullable: true, optional: true };
const int: ColumnShape = { type: 'int', values: [0, 1, 2, 3, 10], optional: true };

/** The tables of test/fixtures/blog. */
export const BLOG: Shape = {
  org: {
    columns: { id, name: unique('acme', 'Acme', 'ACME ', 'beta', 'ß', 'ss') },
    keys: [['id'], ['name']],
    relations: { users: many('user', 'org', 'orgId'), members: many('membership', 'org', 'orgId') },
  },
  user: {
    columns: {
      id,
      email: unique('u1', 'u2', 'u3', 'u4', 'U1', 'u-1', 'é'),
      name: text('Ada', 'Ben', 'ada', 'Cleo'),
      role: { type: 'role', values: ['ADMIN', 'MEMBER', 'GUEST'], optional: true },
      score: int,
      balance: { type: 'decimal', values: ['0', 1, '1.5', new Prisma.Decimal('2.50')], optional: true },
      createdAt: { type: 'date', values: [new Date(0), '2024-01-01T00:00:00.000Z'] },
      orgId: mayKeyTo,
    },
    keys: [['id'], ['email']],
    relations: {
      org: mayTo('org', 'users', 'orgId'),
      profile: one('profile', 'user', 'userId'),
      posts: many('post', 'author', 'authorId'),
      reviews: many('post', 'reviewer', 'reviewerId'),
      comments: many('comment', 'author', 'authorId'),
      memberships: many('membership', 'user', 'userId'),
    },
  },
  profile: {
    columns: { id, bio: text('reads', 'writes'), userId: keyTo },
    keys: [['id'], ['userId']],
    relations: { user: to('user', 'profile', 'userId') },
  },
  post: {
    columns: {
      id,
      slug: unique('p1', 'p2', 'p3', 'p4', 'P1', 'p 1'),
      title: text('One', 'Two', 'one'),
      published: { type: 'boolean', values: [true, false], optional: true },
      views: int,
      authorId: keyTo,
      reviewerId: mayKeyTo,
      categoryId: mayKeyTo,
    },
    keys: [['id'], ['slug'], ['authorId', 'title']],
    relations: {
      author: to('user', 'posts', 'authorId'),
      reviewer: mayTo('user', 'reviews', 'reviewerId'),
      category: mayTo('category', 'posts', 'categoryId'),
      comments: many('comment', 'post', 'postId'),
      tags: lists('tag', 'posts'),
    },
  },
  comment: {
    columns: { id, text: text('first', 'second', ''), postId: keyTo, authorId: mayKeyTo },
    keys: [['id']],
    relations: { post: to('post', 'comments', 'postId'), author: mayTo('user', 'comments', 'authorId') },
  },
  tag: {
    columns: { id, label: unique('red', 'green', 'Red', 'blue') },
    keys: [['id'], ['label']],
    relations: { posts: lists('post', 'tags') },
  },
  membership: {
    columns: { userId: keyTo, orgId: keyTo, title: { ...text('member', 'founder'), optional: true } },
    keys: [['userId', 'orgId']],
    relations: { user: to('user', 'memberships', 'userId'), org: to('org', 'members', 'orgId') },
  },
  category: {
    columns: { id, name: unique('root', 'branch', 'leaf', 'other', 'Root'), parentId: mayKeyTo },
    keys: [['id'], ['name']],
    relations: {
      parent: mayTo('category', 'children', 'parentId'),
      children: many('category', 'parent', 'parentId'),
      posts: many('post', 'category', 'categoryId'),
    },
  },
};
