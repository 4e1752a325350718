/** Empties every table that the catalogue touches and fills it with the same few rows. One round trip. */
export const SEED = `
TRUNCATE orgs, users, profiles, categories, posts, comments, tags, "_PostToTag", memberships RESTART IDENTITY;
INSERT INTO orgs (name) VALUES ('acme'), ('beta'), ('core');
INSERT INTO users (email, name, role, score, balance, created_at, org_id) VALUES
  ('u1@x.org', 'Ada',   'ADMIN',  10, 10.5,    '2024-01-01', 1),
  ('u2@x.org', 'Ben',   'MEMBER', 20, 20.25,   '2024-01-02', 1),
  ('u3@x.org', 'Cleo',  'MEMBER', 30, 30.125,  '2024-01-03', 2),
  ('u4@x.org', 'Dan',   'guest',  40, 0,       '2024-01-04', NULL),
  ('u5@x.org', 'Eve',   'MEMBER', 50, 99.9999, '2024-01-05', 2),
  ('u6@x.org', 'Fay',   'guest',   0, -1.5,    '2024-01-06', 1);
INSERT INTO profiles (bio, user_id) VALUES ('writes', 1), ('reads', 2), ('edits', 3);
INSERT INTO categories (name, parent_id) VALUES ('root', NULL), ('branch', 1), ('leaf', 2), ('other', NULL);
INSERT INTO posts (slug, title, published, views, author_id, reviewer_id, category_id) VALUES
  ('p1', 'One',   true,  100, 1, 2,    1),
  ('p2', 'Two',   false, 200, 1, 3,    4),
  ('p3', 'Three', true,  300, 2, 1,    3),
  ('p4', 'Four',  true,  400, 3, NULL, NULL),
  ('p5', 'Five',  true,  500, 3, 2,    1),
  ('p6', 'Six',   false, 600, 5, NULL, 4);
INSERT INTO comments (text, post_id, author_id) VALUES
  ('first', 1, 2), ('second', 1, 3), ('third', 2, 1), ('fourth', 3, NULL), ('fifth', 4, 1), ('sixth', 5, 6);
INSERT INTO tags (label) VALUES ('red'), ('green'), ('blue'), ('unused');
INSERT INTO "_PostToTag" ("A", "B") VALUES (1, 1), (1, 2), (2, 1), (3, 3), (5, 2);
INSERT INTO memberships (user_id, org_id, title) VALUES (1, 1, 'founder'), (2, 1, 'member'), (3, 2, 'founder'), (1, 2, 'adviser');
`;
