/** The newest PostgreSQL whose own functions are in the lists of this package, as `server_version_num` has it. */
const NEWEST_LISTED = 189_999;

const VOLATILITY = "max(CASE provolatile WHEN 'v' THEN 2 WHEN 's' THEN 1 ELSE 0 END)";

/**
 * Of the tables in the requested schemas, and of those that a write to them reaches by foreign keys, partitions
 * and inheritance. All from `pg_catalog`, which every role may read; `information_schema` shows a role
 * only what it owns.
 */
function askPostgreSql(schemas: readonly string[]): string {
  const input = `ARRAY[${schemas.map((schema) => `'${schema.replaceAll("'", "''")}'`).join(', ')}]::text[]`;
  const triggers = "NOT t.tgisinternal AND t.tgenabled <> 'D'";
  return `WITH RECURSIVE asked AS (SELECT current_schemas(false)::text[] || ${input} AS names),
own AS (
  SELECT p.*, n.nspname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE p.oid >= 16384 AND p.prokind <> 'p' AND 2281 <> ALL (p.proargtypes)
),
step AS (
  SELECT confrelid AS one, conrelid AS other FROM pg_catalog.pg_constraint WHERE contype = 'f'
  UNION ALL SELECT inhparent, inhrelid FROM pg_catalog.pg_inherits
  UNION ALL SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits
),
known AS (
  SELECT c.oid, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, asked
  WHERE n.nspname = ANY (asked.names) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION SELECT c.oid, c.relname FROM known JOIN step ON step.one = known.oid JOIN pg_catalog.pg_class c ON c.oid = step.other
)
SELECT 'path' AS kind, json_build_array(s)::text AS facts FROM unnest(current_schemas(false)) s
UNION ALL SELECT 'function', json_build_array(nspname, proname, ${VOLATILITY}, bool_and(EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = own.oid AND d.deptype = 'e')))::text
  FROM own GROUP BY nspname, proname
UNION ALL SELECT 'server', json_build_array(proname, ${VOLATILITY})::text FROM pg_catalog.pg_proc
  WHERE oid < 16384 AND pronamespace = 'pg_catalog'::regnamespace
    AND current_setting('server_version_num')::int > ${NEWEST_LISTED} GROUP BY proname
UNION ALL SELECT 'like-column', json_build_array(own.proname, coalesce((
    SELECT json_agg(DISTINCT c.relname)
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    WHERE a.attname = own.proname AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')), '[]'))::text
  FROM own JOIN pg_catalog.pg_type y ON y.oid = own.proargtypes[0]
  WHERE own.provolatile = 'v' AND own.pronargs >= 1 AND own.pronargs - own.pronargdefaults <= 1 AND y.typtype IN ('c', 'p')
UNION ALL SELECT 'foreign-key', json_build_array(
    k.oid::text, p.place, child.relname, a.attname, parent.relname, b.attname, k.confdeltype, k.confupdtype)::text
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class child ON child.oid = k.conrelid JOIN pg_catalog.pg_class parent ON parent.oid = k.confrelid
  CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY p(child_column, parent_column, place)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.child_column
  JOIN pg_catalog.pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = p.parent_column
  WHERE k.contype = 'f' AND k.conparentid = 0
    AND (k.conrelid IN (SELECT oid FROM known) OR k.confrelid IN (SELECT oid FROM known))
UNION ALL SELECT 'trigger', json_build_array(known.relname, t.tgname, t.tgtype, t.tgfoid::text)::text
  FROM pg_catalog.pg_trigger t JOIN known ON known.oid = t.tgrelid WHERE ${triggers}
UNION ALL SELECT 'body', json_build_array(p.oid::text, l.lanname, p.prosrc, p.oid < 16384, convert_from(p.probin::bytea, 'UTF8'))::text
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  WHERE p.oid IN (SELECT t.tgfoid FROM pg_catalog.pg_trigger t JOIN known ON known.oid = t.tgrelid WHERE ${triggers})
UNION ALL SELECT 'rule', json_build_array(known.relname, r.rulename, r.ev_type, pg_catalog.pg_get_ruledef(r.oid))::text
  FROM pg_catalog.pg_rewrite r JOIN known ON known.oid = r.ev_class WHERE r.ev_type <> '1' AND r.ev_enabled <> 'D'
UNION ALL SELECT DISTINCT 'inherits', json_build_array(child.relname, parent.relname)::text
  FROM pg_catalog.pg_inherits i
  JOIN pg_catalog.pg_class child ON child.oid = i.inhrelid AND child.relkind IN ('r', 'p', 'f')
  JOIN pg_catalog.pg_class parent ON parent.oid = i.inhparent
  WHERE i.inhrelid IN (SELECT oid FROM known) OR i.inhparent IN (SELECT oid FROM known)
UNION ALL SELECT 'view', json_build_array(known.relname)::text
  FROM known JOIN pg_catalog.pg_class c ON c.oid = known.oid WHERE c.relkind IN ('v', 'm')
UNION ALL SELECT 'derived', json_build_array(known.relname, a.attname)::text
  FROM pg_catalog.pg_attribute a JOIN known ON known.oid = a.attrelid WHERE a.attgenerated <> '' AND NOT a.attisdropped
UNION ALL SELECT 'collation', json_build_array(known.relname, a.attname, l.collname, l.collisdeterministic)::text
  FROM pg_catalog.pg_attribute a JOIN known ON known.oid = a.attrelid JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
  WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped AND l.collname <> 'default'`;
}

const GRANTEE = "CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')";

/**
 * MySQL shows triggers only to who may create them: where it is not certain that one may, none proves nothing. It may show a
 * foreign key without its actions, which then count as cascades.
 */
function askMySql(schemas: readonly string[]): string {
  const asked = ['DATABASE()', ...schemas.map((schema) => `'${schema.replace(/['\\]/g, '$&$&')}'`)].join(', ');
  return `SELECT 'path' AS kind, JSON_ARRAY(DATABASE()) AS facts
UNION ALL SELECT 'function', JSON_ARRAY(routine_schema, routine_name, 2, FALSE) FROM information_schema.routines
  WHERE routine_type = 'FUNCTION' AND routine_schema NOT IN ('sys', 'mysql')
UNION ALL SELECT 'foreign-key', JSON_ARRAY(CONCAT(k.table_schema, '.', k.table_name, '.', k.constraint_name),
    k.ordinal_position, k.table_name, k.column_name, k.referenced_table_name, k.referenced_column_name,
    r.delete_rule, r.update_rule, NULLIF(k.table_schema, DATABASE()))
  FROM information_schema.key_column_usage k LEFT JOIN information_schema.referential_constraints r
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
  WHERE k.referenced_table_name IS NOT NULL AND (k.table_schema IN (${asked}) OR k.referenced_table_schema IN (${asked}))
UNION ALL SELECT 'trigger',
    JSON_ARRAY(event_object_table, trigger_name, CONCAT(action_timing, ' ', event_manipulation), action_statement)
  FROM information_schema.triggers WHERE event_object_schema IN (${asked})
UNION ALL SELECT 'view', JSON_ARRAY(table_name) FROM information_schema.views WHERE table_schema IN (${asked})
UNION ALL SELECT 'derived', JSON_ARRAY(table_name, column_name) FROM information_schema.columns
  WHERE table_schema IN (${asked}) AND (extra LIKE '%on update%' OR extra LIKE '%VIRTUAL%' OR extra LIKE '%STORED%')
UNION ALL SELECT 'collation', JSON_ARRAY(table_name, column_name, collation_name, collation_name LIKE '%\\_bin')
  FROM information_schema.columns
  WHERE table_schema IN (${asked}) AND collation_name IS NOT NULL AND collation_name <> @@collation_database
UNION ALL SELECT 'without-rollback', JSON_ARRAY(t.table_name)
  FROM information_schema.tables t JOIN information_schema.engines e ON e.engine = t.engine
  WHERE t.table_schema IN (${asked}) AND e.transactions = 'NO'
UNION ALL SELECT 'missing', JSON_ARRAY('triggers: the user lacks the privilege TRIGGER') FROM (SELECT 1) one
  WHERE NOT EXISTS (SELECT 1 FROM information_schema.user_privileges
      WHERE privilege_type = 'TRIGGER' AND grantee = ${GRANTEE})
    AND NOT EXISTS (SELECT 1 FROM information_schema.schema_privileges
      WHERE privilege_type = 'TRIGGER' AND DATABASE() LIKE table_schema AND grantee = ${GRANTEE})`;
}

/** A virtual table names its sources in its definition, and views may stand between: every name in such a definition may be one. */
const ASK_SQLITE = `WITH RECURSIVE shows (shown, name, sql) AS (
  SELECT name, name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'create virtual table%'
  UNION SELECT shows.shown, m.name, CASE WHEN m.type = 'view' OR m.sql LIKE 'create virtual table%' THEN m.sql ELSE '' END
  FROM shows JOIN sqlite_schema m ON m.type IN ('table', 'view') AND m.name <> shows.shown
    AND instr(lower(substr(shows.sql, instr(shows.sql, shows.name) + length(shows.name))), lower(m.name)) > 0
)
SELECT 'server' AS kind, json_array(name, 1) AS facts FROM pragma_function_list
  WHERE builtin = 1 AND name NOT IN ('load_extension', 'fts3_tokenizer')
UNION ALL SELECT 'foreign-key', json_array(m.name || '.' || k.id, k.seq, m.name, k."from", k."table", k."to", k.on_delete, k.on_update)
  FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) k WHERE m.type = 'table'
UNION ALL SELECT 'trigger', json_array(tbl_name, name, sql) FROM sqlite_schema WHERE type = 'trigger'
UNION ALL SELECT 'replaces', json_array(name) FROM sqlite_schema
  WHERE type = 'table' AND sql LIKE '%on%conflict%replace%'
UNION ALL SELECT 'shows', json_array(shown, name) FROM shows WHERE shown <> name
UNION ALL SELECT 'view', json_array(name) FROM sqlite_schema WHERE type = 'view'
UNION ALL SELECT 'derived', json_array(m.name, x.name) FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) x
  WHERE m.type = 'table' AND x.hidden IN (2, 3)`;

/**
 * The one statement that asks a database of `provider` about itself; `undefined` for an unsupported provider.
 *
 * Its rows have a `kind`, and `facts` in JSON.
 *
 * @param schemas - Schemas to read in addition to those of the search path.
 */
export function catalogueQuestion(provider: string | undefined, schemas: readonly string[]): string | undefined {
  switch (provider) {
    case 'postgres':
    case 'postgresql':
      return askPostgreSql(schemas);
    case 'mysql':
      return askMySql(schemas);
    case 'sqlite':
      return ASK_SQLITE;
    default:
      return undefined;
  }
}
