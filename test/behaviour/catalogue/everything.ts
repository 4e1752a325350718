/** Rows with every type that Prisma knows on PostgreSQL, at their edges. One round trip. */
export const EVERYTHING_ROWS = `
TRUNCATE everything RESTART IDENTITY;
INSERT INTO everything (uuid, decimal, decimal_n, bigint, bigint_n, float, boolean, at, day, at_n, bytes, bytes_n,
  json, json_n, text, text_n, role, ints, bigints, decimals, texts, ats, roles, updated_at) VALUES
('00000000-0000-4000-8000-000000000001', 12345678901234567890.0123456789, 0.000000000000000000000000000001,
  9007199254740993, -9223372036854775808, 0.1, true, '2024-02-29 12:34:56.789+02', '2024-02-29', '1969-12-31 23:59:59.999',
  '\\x00ff10', '\\x', '{"b": 1, "a": [null, 1.5, "x", {"deep": {"er": []}}], "__proto__": {"polluted": true}, "$type": "Date", "value": "x"}',
  '[1, "two", null]', 'plain', 'text', 'ADMIN', '{1,-2,2147483647}', '{9007199254740993,0}', '{1.10,-0.5}',
  '{"","a,b","{}"}', '{2024-01-01 00:00:00.001}', '{guest,ADMIN}', '2024-01-01'),
('00000000-0000-4000-8000-000000000002', -0.0000000001, NULL, 0, NULL, '-0', false, '0001-01-01 00:00:00+00', '9999-12-31', NULL,
  '\\x', NULL, 'null', NULL, '', NULL, 'guest', '{}', '{}', '{}', '{}', '{}', '{}', '2024-01-01'),
('00000000-0000-4000-8000-000000000003', 1, 1e30, 9223372036854775807, 1, 1.7976931348623157e308, true, '2024-06-01 00:00:00+00',
  '2024-06-01', '2024-06-01', '\\xdeadbeef', '\\x00', '"text"', 'null', '___bi_1 \u0001 \u2028 U0001F600', '{"json": true}', 'MEMBER', '{0}', '{-1}', '{0}',
  '{"___da_x"}', '{}', '{MEMBER}', '2024-01-01'),
('00000000-0000-4000-8000-000000000004', 0, 0, 1, 1, 5e-324, true, '2024-06-01 00:00:00+00',
  '2024-06-01', '2024-06-01', '\\x01', '\\x02', '{}', '[]', 'x', 'y', 'MEMBER', NULL, NULL, NULL, NULL, NULL, NULL, '2024-01-01');
`.replaceAll('\\U0001F600', '\u{1F600}');
