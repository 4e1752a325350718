import { relations } from 'drizzle-orm';
import type { Blog } from './blog-schema.js';

/** The schema that `drizzle(…)` is given. */
export function schemaOf(blog: Blog): object {
  const { users, posts, comments, tags, postTags } = blog;
  return {
    ...blog,
    userRelations: relations(users, ({ many }) => ({ posts: many(posts), comments: many(comments) })),
    postRelations: relations(posts, ({ one, many }) => ({
      author: one(users, { fields: [posts.authorId], references: [users.id] }),
      comments: many(comments),
      postTags: many(postTags),
    })),
    commentRelations: relations(comments, ({ one }) => ({
      post: one(posts, { fields: [comments.postId], references: [posts.id] }),
      user: one(users, { fields: [comments.userId], references: [users.id] }),
    })),
    postTagRelations: relations(postTags, ({ one }) => ({
      post: one(posts, { fields: [postTags.postId], references: [posts.id] }),
      tag: one(tags, { fields: [postTags.tagId], references: [tags.id] }),
    })),
  };
}
