-- The tables that both ORMs use, in the first schema of the search path, anew. Their keys and indexes come after the rows.

DROP TABLE IF EXISTS categories, products, customers, orders, order_lines, reviews;
DROP TYPE IF EXISTS order_status;

CREATE TYPE order_status AS ENUM ('OPEN', 'PAID', 'SHIPPED', 'RETURNED');

CREATE TABLE categories (
  id   serial PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name text NOT NULL
);

CREATE TABLE products (
  id          serial PRIMARY KEY,
  sku         text NOT NULL UNIQUE,
  name        text NOT NULL,
  price       numeric(10, 2) NOT NULL,
  stock       integer NOT NULL CHECK (stock >= 0),
  active      boolean NOT NULL DEFAULT true,
  category_id integer NOT NULL
);

CREATE TABLE customers (
  id      serial PRIMARY KEY,
  email   text NOT NULL UNIQUE,
  name    text NOT NULL,
  country char(2) NOT NULL
);

CREATE TABLE orders (
  id          serial PRIMARY KEY,
  status      order_status NOT NULL DEFAULT 'OPEN',
  total       numeric(10, 2) NOT NULL,
  placed_at   timestamptz(3) NOT NULL DEFAULT now(),
  customer_id integer NOT NULL
);

CREATE TABLE order_lines (
  order_id   integer NOT NULL,
  product_id integer NOT NULL,
  quantity   integer NOT NULL CHECK (quantity > 0),
  price      numeric(10, 2) NOT NULL
);

CREATE TABLE reviews (
  id          serial PRIMARY KEY,
  stars       smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
  text        text NOT NULL,
  written_at  timestamptz(3) NOT NULL DEFAULT now(),
  product_id  integer NOT NULL,
  customer_id integer NOT NULL
);
