-- The same rows every time: whatever looks random is arithmetic on the row's number.

INSERT INTO categories (slug, name)
SELECT lower(room) || '-' || lower(kind), room || ' ' || lower(kind)
FROM unnest(ARRAY['Kitchen', 'Garden', 'Office', 'Bath', 'Hall', 'Cellar']) WITH ORDINALITY AS rooms (room, r),
     unnest(ARRAY['Chairs', 'Tables', 'Lamps', 'Shelves', 'Boxes', 'Tools', 'Rugs', 'Clocks', 'Hooks', 'Mirrors'])
       WITH ORDINALITY AS kinds (kind, k)
ORDER BY r, k;

INSERT INTO products (sku, name, price, stock, active, category_id)
SELECT 'P-' || lpad(i::text, 5, '0'),
       (ARRAY['Plain', 'Bright', 'Quiet', 'Tall', 'Round', 'Folding', 'Heavy', 'Small'])[1 + i * 5 % 8] || ' ' ||
         (ARRAY['oak', 'steel', 'linen', 'glass', 'cork', 'clay', 'wool'])[1 + i * 3 % 7] || ' no. ' || i,
       5 + (i * 7919 % 49500) / 100.0,
       50 + i * 31 % 200,
       i % 20 <> 0,
       1 + i % 60
FROM generate_series(1, 5000) AS i;

INSERT INTO customers (email, name, country)
SELECT 'customer' || i || '@shop.example',
       'Customer ' || i,
       (ARRAY['DE', 'FR', 'GB', 'IT', 'NL', 'PL', 'SE'])[1 + i * 11 % 7]
FROM generate_series(1, 2000) AS i;

-- Three lines an order; popular products come up more often.
INSERT INTO order_lines (order_id, product_id, quantity, price)
SELECT i, p.id, 1 + (i + line) % 3, p.price
FROM generate_series(1, 20000) AS i
CROSS JOIN generate_series(0, 2) AS line
JOIN products AS p ON p.id = 1 + line * 1680 + (i * 37 % 40) * (i * 53 % 43);

INSERT INTO orders (status, total, placed_at, customer_id)
SELECT (ARRAY['OPEN', 'PAID', 'SHIPPED', 'SHIPPED', 'SHIPPED', 'RETURNED'])[1 + i * 13 % 6]::order_status,
       sum(quantity * price),
       timestamptz '2025-01-01 00:00:00+00' + i * interval '20 minutes',
       1 + i * 7 % 2000
FROM order_lines AS line (i)
GROUP BY i
ORDER BY i;

INSERT INTO reviews (stars, text, written_at, product_id, customer_id)
SELECT 1 + (i * 17 + i / 7) % 5,
       (ARRAY['As described.', 'Smaller than I thought.', 'Would buy again.', 'Came late, looks good.'])[1 + i * 3 % 4],
       timestamptz '2025-03-01 00:00:00+00' + i * interval '30 minutes',
       1 + (i * 29 % 71) * (i * 43 % 70),
       1 + i * 23 % 2000
FROM generate_series(1, 15000) AS i;
