import { readFileSync } from 'node:fs';
import { openBlog, openPlain, Prisma } from '../../support/blog.js';
import { sortedText } from '../../support/exact-text.js';
import { BLOG_ROWS } from './blog-rows.js';
import { BLOG } from './blog-shape.js';
import { anyCachedClient, anyClient } from './perform.js';
import { BLOG_STATEMENTS } from './raw-writes.js';
import type { World } from './world.js';

/** The tables of test/fixtures/blog. */
export const BLOG_WORLD: World = {
  name: 'blog',
  shape: BLOG,
  statements: BLOG_STATEMENTS,
  tables: readFileSync(new URL('../../fixtures/blog/schema.sql', import.meta.url), 'utf8'),
  rows: BLOG_ROWS,
  open(url) {
    const plain = openPlain(url);
    const cached = openBlog(url);
    return {
      plain: anyClient(plain.client),
      cached: anyCachedClient(cached.anyDb),
      textOf: (value) => sortedText(value, Prisma.Decimal),
      close: async () => {
        await plain.close();
        await cached.close();
      },
    };
  },
};
