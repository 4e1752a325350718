import { MYSQL } from './mysql-functions.js';
import { names } from './names.js';
import { IMMUTABLE } from './postgresql-immutable.js';
import { STABLE, VOLATILE } from './postgresql-stable.js';
import { SQLITE } from './sqlite-functions.js';

/** PostgreSQL's own functions, by what `pg_proc` declares of all their overloads together. */
export const POSTGRESQL: Readonly<Record<'immutable' | 'stable' | 'volatile', ReadonlySet<string>>> = {
  immutable: names(IMMUTABLE),
  stable: names(STABLE),
  volatile: names(VOLATILE),
};

/** The databases' own functions, none of which changes a row of a table. */
export const OWN_OF_MYSQL: ReadonlySet<string> = names(MYSQL);
export const OWN_OF_SQLITE: ReadonlySet<string> = names(SQLITE);

/**
 * PostgreSQL's parser reads them itself: unless they are quoted or have a schema, they are never looked up in the catalogue.
 */
export const POSTGRESQL_SYNTAX: ReadonlySet<string> = names(`
  array cast coalesce collation exists extract greatest grouping json json_array json_arrayagg json_exists json_object
  json_objectagg json_query json_scalar json_serialize json_table json_value least merge_action nullif position row treat
  trim xmlconcat xmlelement xmlexists xmlforest xmlparse xmlpi xmlroot xmlserialize xmltable
`);

/**
 * Functions of MySQL and MariaDB that are the server's own only if no space precedes the bracket. With one, a stored
 * function of that name is called.
 */
export const MYSQL_BEFORE_BRACKET: ReadonlySet<string> = names(`
  adddate bit_and bit_or bit_xor cast count curdate curtime date_add date_sub extract group_concat max mid min now position
  session_user std stddev stddev_pop stddev_samp subdate substr substring sum sysdate system_user trim var_pop var_samp
  variance
`);

/** Volatile functions of extensions that only make up a value, or change a setting of the session. */
export const HARMLESS_IN_EXTENSIONS: ReadonlySet<string> = names(`
  gen_random_bytes gen_random_uuid gen_salt normal_rand set_limit uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4
`);
