/**
 * Writes the lists of the databases' own functions in `packages/core/src/catalogue`, from the catalogues of the servers:
 * PostgreSQL at `DATABASE_URL` and PGlite, MariaDB at `MYSQL_URL`, libsql. `test/core/catalogue/function-names.test.ts`
 * holds the lists to the servers that the tests start.
 *
 *     DATABASE_URL=… MYSQL_URL=… node scripts/generate-functions.mjs
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { createClient } from '@libsql/client';
import mysql from 'mysql2/promise';
import pg from 'pg';

const folder = fileURLToPath(new URL('../packages/core/src/catalogue/', import.meta.url));

/** Functions with an argument of the type `internal` cannot be called in SQL. */
const OF_POSTGRESQL = `select proname as name, max(case provolatile when 'v' then 3 when 's' then 2 else 1 end) as kind
  from pg_proc where pronamespace = 'pg_catalog'::regnamespace and oid < 16384 and not (2281 = any (proargtypes)) group by 1`;

/** They run SQL that they are given, or that somebody prepared: it may call a function that writes. */
const RUN_SQL =
  /^(query_to_xml|query_to_xmlschema|query_to_xml_and_xmlschema|cursor_to_xml|cursor_to_xmlschema|ts_stat|ts_rewrite)$/;
/** In MariaDB a sequence is a table that can be read. */
const CHANGE_A_SEQUENCE = /^(nextval|setval|lastval)$/;
/** They run code or SQL, or write files. */
const RUN_CODE = /^(load_extension|fts3_tokenizer|sha3_query|writefile|edit|eval)$/;

const postgresql = await namesOfPostgreSql();
write('postgresql-immutable', {
  IMMUTABLE: ["PostgreSQL's own functions whose overloads are all immutable.", postgresql(1)],
});
write('postgresql-stable', {
  STABLE: ["PostgreSQL's own functions whose overloads are all stable or immutable.", postgresql(2)],
  VOLATILE: [
    "PostgreSQL's own functions that have a volatile overload, without those that may change a row.",
    postgresql(3),
  ],
});
write('mysql-functions', {
  MYSQL: ["MySQL's and MariaDB's own functions, without those that may change a row.", await namesOfMySql()],
});
write('sqlite-functions', {
  SQLITE: ["SQLite's own functions, without those that run code or SQL.", await namesOfSqlite()],
});

async function namesOfPostgreSql() {
  const server = new pg.Client(process.env.DATABASE_URL);
  await server.connect();
  const newest = await PGlite.create();
  const kinds = new Map();
  for (const { rows } of [await server.query(OF_POSTGRESQL), await newest.query(OF_POSTGRESQL)])
    for (const { name, kind } of rows) kinds.set(name, Math.max(kind, kinds.get(name) ?? 0));
  await server.end();
  await newest.close();
  return (kind) => [...kinds].filter(([name, of]) => of === kind && !RUN_SQL.test(name)).map(([name]) => name);
}

async function namesOfMySql() {
  const server = await mysql.createConnection(process.env.MYSQL_URL);
  const [rows] = await server.query('select lower(function) as name from information_schema.sql_functions');
  await server.end();
  // The catalogue of MariaDB lacks what its parser reads itself, and what only MySQL has.
  const others = `avg char character_length current_role date day
    hour if insert interval json_schema_valid json_schema_validation_report json_storage_free json_storage_size json_table
    left lcase minute month name_const quote repeat replace right row row_number second st_distance substring time timestamp
    timestampadd timestampdiff to_base64 truncate ucase user utc_date utc_time utc_timestamp version year any_value
    bin_to_uuid uuid_to_bin is_uuid regexp_like grouping geometrycollection geomfromtext linestring multilinestring
    multipoint multipolygon point polygon st_area st_asbinary st_asgeojson st_astext st_buffer st_centroid st_contains
    st_convexhull st_crosses st_difference st_dimension st_disjoint st_distance_sphere st_endpoint st_envelope st_equals
    st_exteriorring st_geohash st_geometryn st_geometrytype st_geomfromgeojson st_geomfromtext st_geomfromwkb
    st_interiorringn st_intersection st_intersects st_isclosed st_isempty st_issimple st_isvalid st_latitude st_length
    st_longitude st_makeenvelope st_numgeometries st_numinteriorrings st_numpoints st_overlaps st_pointfromtext st_pointn
    st_simplify st_srid st_startpoint st_symdifference st_touches st_transform st_union st_within st_x st_y
    statement_digest statement_digest_text current_date current_time current_timestamp current_user curdate curtime
    localtime localtimestamp match sysdate get_format hex bit_count soundex roles_graphml found_rows`;
  return [...rows.map(({ name }) => name), ...others.trim().split(/\s+/)].filter(
    (name) => !CHANGE_A_SEQUENCE.test(name),
  );
}

async function namesOfSqlite() {
  const client = createClient({ url: 'file::memory:' });
  // Functions that are built in, and those of which the catalogue says that they can do no harm.
  const { rows } = await client.execute(
    'select name from pragma_function_list where builtin = 1 or flags & 0x200000 <> 0',
  );
  client.close();
  const others = `acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2 mod pi pow
    power radians sin sinh sqrt tan tanh trunc sqlite_offset nullif coalesce json_each json_tree jsonb_each jsonb_tree bm25
    highlight snippet matchinfo offsets raise cast exists row_number generate_series median percentile percentile_cont
    percentile_disc`;
  return [...rows.map(({ name }) => String(name)), ...others.trim().split(/\s+/)].filter(
    (name) => /^\w+$/.test(name) && !RUN_CODE.test(name),
  );
}

function write(file, lists) {
  const code = Object.entries(lists).map(([name, [says, found]]) => {
    const lines = [''];
    for (const one of [...new Set(found)].sort()) {
      const line = lines[lines.length - 1];
      if (line.length + one.length + 1 > 118) lines.push(one);
      else lines[lines.length - 1] = line === '' ? one : `${line} ${one}`;
    }
    return `/** ${says} */\nexport const ${name} = \`\n${lines.map((line) => `  ${line}`).join('\n')}\n\`;\n`;
  });
  writeFileSync(join(folder, `${file}.ts`), `// Made by \`scripts/generate-functions.mjs\`.\n\n${code.join('\n')}`);
}
