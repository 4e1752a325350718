import { defineRelations } from 'drizzle-orm';
import type { Blog } from '../drizzle/support/blog-schema.js';

type Table = 'users' | 'posts' | 'comments' | 'tags' | 'postTags';
type ColumnName = 'id' | 'authorId' | 'postId' | 'tagId' | 'userId';
interface End {
  through(column: End): unknown;
}
type Ends = Record<Table, Record<ColumnName, End>>;
type Relate = Record<'one' | 'many', Record<Table, (columns?: object) => unknown>>;

/** The relations that `drizzle(…)` is given. */
export function relationsOf({ users, posts, comments, tags, postTags }: Blog): object {
  return defineRelations({ users, posts, comments, tags, postTags } as never, (r: never) => {
    const { users, posts, comments, tags, postTags, one, many } = r as Ends & Relate;
    return {
      users: { posts: many.posts(), comments: many.comments() },
      posts: {
        author: one.users({ from: posts.authorId, to: users.id }),
        comments: many.comments(),
        postTags: many.postTags(),
        tags: many.tags({ from: posts.id.through(postTags.postId), to: tags.id.through(postTags.tagId) }),
      },
      comments: {
        post: one.posts({ from: comments.postId, to: posts.id }),
        user: one.users({ from: comments.userId, to: users.id }),
      },
      postTags: {
        post: one.posts({ from: postTags.postId, to: posts.id }),
        tag: one.tags({ from: postTags.tagId, to: tags.id }),
      },
    } as never;
  });
}
