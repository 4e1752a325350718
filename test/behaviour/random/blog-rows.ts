/** Empties every table of test/fixtures/blog and fills it with a few rows, of the values that random operations use. */
export const BLOG_ROWS = `
TRUNCATE orgs, users, profiles, categories, posts, comments, tags, "_PostToTag", memberships RESTART IDENTITY;
INSERT INTO orgs (name) VALUES ('acme'), ('beta'), ('ss');
INSERT INTO users (email, name, role, score, balance, created_at, org_id) VALUES
  ('u1', 'Ada',  'ADMIN',  1, 1.5, '1970-01-01', 1),
  ('u2', 'Ben',  'MEMBER', 2, 2.5, '2024-01-01', 1),
  ('u3', 'ada',  'MEMBER', 3, 0,   '1970-01-01', 2),
  ('U1', 'Cleo', 'guest',  0, 1,   '2024-01-01', NULL);
INSERT INTO profiles (bio, user_id) VALUES ('writes', 1), ('reads', 2);
INSERT INTO categories (name, parent_id) VALUES ('root', NULL), ('branch', 1), ('leaf', 2);
INSERT INTO posts (slug, title, published, views, author_id, reviewer_id, category_id) VALUES
  ('p1', 'One', true,  1, 1, 2,    1),
  ('p2', 'Two', false, 2, 1, 3,    NULL),
  ('p3', 'One', true,  3, 2, 1,    3),
  ('P1', 'Two', true,  0, 3, NULL, 1);
INSERT INTO comments (text, post_id, author_id) VALUES ('first', 1, 2), ('second', 1, 3), ('', 2, 1), ('first', 3, NULL);
INSERT INTO tags (label) VALUES ('red'), ('green'), ('Red');
INSERT INTO "_PostToTag" ("A", "B") VALUES (1, 1), (1, 2), (2, 1), (3, 3);
INSERT INTO memberships (user_id, org_id, title) VALUES (1, 1, 'founder'), (2, 1, 'member'), (3, 2, 'founder');
`;
