CREATE TABLE users (
  id serial PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  bio text,
  active boolean NOT NULL,
  balance numeric(12, 2) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL
);

CREATE TABLE posts (
  id serial PRIMARY KEY,
  title text NOT NULL,
  body text NOT NULL,
  published boolean NOT NULL,
  views integer NOT NULL,
  created_at timestamptz(3) NOT NULL,
  author_id integer NOT NULL REFERENCES users (id)
);

INSERT INTO users (email, name, bio, active, balance, created_at, updated_at)
SELECT 'user' || n || '@example.com', 'User ' || n, CASE WHEN n % 3 = 0 THEN NULL ELSE repeat('about me ', 6) END,
  n % 10 <> 0, n * 1.37, timestamptz '2024-01-01' + n * interval '1 minute', timestamptz '2025-01-01' + n * interval '1 minute'
FROM generate_series(1, 10000) AS n;

INSERT INTO posts (title, body, published, views, created_at, author_id)
SELECT 'Post ' || n, repeat('some words ', 8), n % 4 <> 0, n % 1000, timestamptz '2024-06-01' + n * interval '1 minute',
  (n - 1) % 10000 + 1
FROM generate_series(1, 50000) AS n;

CREATE INDEX posts_author_id ON posts (author_id);
ANALYZE;
