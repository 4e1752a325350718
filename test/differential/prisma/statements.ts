import type { Statements } from '../../behaviour/random/raw-writes.js';

/** Raw SQL that writes, on PostgreSQL. */
export const POSTGRES_WRITES: Statements = [
  (id) => `UPDATE staff.people SET name = 'Raw', level = level + 1 WHERE id = ${id()}`,
  (id) => `UPDATE staff.people SET id = ${id()} + 10 WHERE id = ${id()}`,
  (id) => `UPDATE "staff"."people" p SET level = b.level FROM staff.people b WHERE p.boss_id = b.id AND b.id = ${id()}`,
  (id) => `UPDATE staff.people SET skills = array_append(skills, 'raw'), notes = '{"raw": true}' WHERE id = ${id()}`,
  (id) => `DELETE FROM staff.people WHERE id = ${id()}`,
  (id) => `UPDATE shop.articles SET (title, stock) = ('raw' || id, stock + 1) WHERE owner_id = ${id()}`,
  (id) => `INSERT INTO shop."_ArticleToLabel" VALUES (${id()}, ${id()}) ON CONFLICT DO NOTHING`,
  (id) => `DELETE FROM shop."_ArticleToLabel" WHERE "B" = ${id()}`,
  (id) =>
    `INSERT INTO shop.lines VALUES (1, 1, ${id()}, ${id()}, NULL) ON CONFLICT (year, number, position) DO UPDATE SET quantity = 9`,
  (id) => `UPDATE shop.lines SET quantity = quantity + 1 WHERE position = ${id()}`,
  (id) => `DELETE FROM shop.lines WHERE article_id = ${id()}`,
  (id) => `UPDATE shop.orders SET number = number + 10 WHERE year = ${id()}`,
  (id) => `UPDATE shop.visits SET region = 'north' WHERE id = ${id()}`,
  (id) => `UPDATE shop.visits_north SET pages = pages + 1 WHERE id = ${id()}`,
  (id) => `DELETE FROM shop.visits_other WHERE id = ${id()}`,
  (id) =>
    `WITH gone AS (DELETE FROM shop.lines WHERE position = ${id()} RETURNING *) UPDATE shop.articles SET stock = stock + 1 WHERE id IN (SELECT article_id FROM gone)`,
  (id) =>
    `MERGE INTO shop.labels l USING (VALUES (${id()}, 'merged')) AS v (id, word) ON l.id = v.id WHEN MATCHED THEN UPDATE SET word = v.word WHEN NOT MATCHED THEN INSERT (id, word) VALUES (v.id, v.word)`,
  () => 'REFRESH MATERIALIZED VIEW shop.color_counts',
  () => "SELECT shop.log('logged')",
  (id) => `UPDATE shop.labels SET word = shop.initial(word) || id WHERE id = ${id()}`,
  () => 'TRUNCATE shop.visits',
  () => 'TRUNCATE shop.orders CASCADE',
  (id) => `UPDATE staff.clubs SET color = 'BLUE' WHERE id = ${id()}; DELETE FROM staff.members WHERE club_id = ${id()}`,
  (id) => `SELECT id FROM staff.people WHERE id = ${id()} FOR UPDATE`,
  (id) => `SELECT lower(name) AS name, coalesce(nick, '') AS nick FROM staff.people WHERE id = ${id()}`,
];

/** Raw SQL that writes, on MariaDB and on SQLite. */
const COMMON_WRITES: Statements = [
  (id) => `UPDATE people SET name = 'Raw', level = level + 1 WHERE id = ${id()}`,
  (id) => `DELETE FROM people WHERE id = ${id()}`,
  (id) => `UPDATE articles SET title = 'raw', stock = stock + 1 WHERE id = ${id()}`,
  (id) => `DELETE FROM _ArticleToLabel WHERE B = ${id()}`,
  (id) => `UPDATE visits SET region = 'north' WHERE id = ${id()}`,
  (id) => `DELETE FROM members WHERE club_id = ${id()}`,
  (id) => `SELECT lower(name) AS name, coalesce(nick, '') AS nick FROM people WHERE id = ${id()}`,
];

export const MYSQL_WRITES: Statements = [
  ...COMMON_WRITES,
  (id) => `INSERT IGNORE INTO _ArticleToLabel VALUES (${id()}, ${id()})`,
  (id) => `INSERT INTO \`lines\` VALUES (1, 1, ${id()}, ${id()}, NULL) ON DUPLICATE KEY UPDATE quantity = 9`,
  (id) => `UPDATE \`lines\` SET quantity = quantity + 1 WHERE position = ${id()}`,
  (id) => `UPDATE people p JOIN articles a ON a.owner_id = p.id SET p.level = 7, a.stock = 7 WHERE a.id = ${id()}`,
  (id) => `DELETE a FROM articles a JOIN people p ON a.owner_id = p.id WHERE p.id = ${id()}`,
  (id) => `REPLACE INTO labels (id, word) VALUES (${id()}, 'replaced')`,
];

export const SQLITE_WRITES: Statements = [
  ...COMMON_WRITES,
  (id) => `INSERT OR IGNORE INTO _ArticleToLabel VALUES (${id()}, ${id()})`,
  (id) =>
    `INSERT INTO lines VALUES (1, 1, ${id()}, ${id()}, NULL) ON CONFLICT (year, number, position) DO UPDATE SET quantity = 9`,
  (id) => `UPDATE lines SET quantity = quantity + 1 WHERE position = ${id()}`,
  (id) => `REPLACE INTO labels (id, word) VALUES (${id()}, 'replaced')`,
];

/** A raw read, and the models that it reads. */
export interface RawRead {
  readonly sql: string;
  readonly models: readonly string[];
}

/** Raw SQL that reads, where the tables are called as `named` says. */
export function rawReads(named: (table: string) => string): readonly ((id: () => number) => RawRead)[] {
  const people = named('people');
  const articles = named('articles');
  const lines = named('lines');
  return [
    (id) => ({ sql: `SELECT * FROM ${people} WHERE id = ${id()}`, models: ['Person'] }),
    (id) => ({
      sql: `SELECT a.id, a.title, p.name FROM ${articles} a JOIN ${people} p ON p.id = a.owner_id WHERE p.id >= ${id()} ORDER BY a.id`,
      models: ['Article', 'Person'],
    }),
    () => ({ sql: `SELECT count(*) AS n, max(level) AS top, sum(salary) AS paid FROM ${people}`, models: ['Person'] }),
    () => ({
      sql: `SELECT o.year, o.number, o.total, (SELECT count(*) FROM ${lines} l WHERE l.year = o.year AND l.number = o.number) AS n FROM ${named('orders')} o ORDER BY o.year, o.number`,
      models: ['Order', 'Line'],
    }),
    (id) => ({
      sql: `WITH some AS (SELECT * FROM ${named('visits')} WHERE person_id >= ${id()}) SELECT region, sum(pages) AS pages FROM some GROUP BY region ORDER BY region`,
      models: ['Visit'],
    }),
    () => ({
      sql: `SELECT l.word, count(*) AS uses FROM ${named('labels')} l JOIN ${named('_ArticleToLabel')} j ON j.${named('B')} = l.id GROUP BY l.id, l.word ORDER BY l.id`,
      models: ['Label', 'Article'],
    }),
    () => ({ sql: `SELECT * FROM ${named('person_totals')} ORDER BY id`, models: ['PersonTotal'] }),
    () => ({ sql: `SELECT id, uses FROM ${named('label_uses')} ORDER BY id`, models: ['LabelUse'] }),
  ];
}
