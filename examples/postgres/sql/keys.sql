-- What ties the tables together. Made when the rows are there, because that is much faster.

ALTER TABLE order_lines ADD PRIMARY KEY (order_id, product_id);

CREATE INDEX ON products (category_id, price);
CREATE INDEX ON orders (customer_id, placed_at);
CREATE INDEX ON order_lines (product_id);
CREATE INDEX ON reviews (product_id, written_at);
CREATE INDEX ON reviews (customer_id);

ALTER TABLE products ADD FOREIGN KEY (category_id) REFERENCES categories ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE order_lines
  ADD FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE ON UPDATE CASCADE,
  ADD FOREIGN KEY (product_id) REFERENCES products ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE reviews
  ADD FOREIGN KEY (product_id) REFERENCES products ON DELETE CASCADE ON UPDATE CASCADE,
  ADD FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE ON UPDATE CASCADE;

ANALYZE categories, products, customers, orders, order_lines, reviews;
