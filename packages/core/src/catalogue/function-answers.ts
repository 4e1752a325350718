import { names } from './names.js';

/** Functions, of any database, that return the same for the same arguments, in every session and at any time. */
export const ALIKE: ReadonlySet<string> = names(`
  abs acos asin atan atan2 avg bit_and bit_length bit_or bool_and bool_or bit_count btrim cardinality cast cbrt ceil
  ceiling char char_length character_length charindex chr coalesce concat concat_ws convert corr cos cot count
  covar_pop covar_samp cume_dist date date_add date_bin date_diff date_format date_part date_sub date_trunc dateadd
  datediff datename datepart day dayofmonth dayofweek dayofyear decode degrees dense_rank digest div encode every exp
  extract field find_in_set first_value float floor format from_base64 from_unixtime generate_series glob greatest
  group_concat grouping hex hour if ifnull iif initcap insert instr isfinite isnull isnumeric json json_agg json_array
  json_array_elements json_array_elements_text json_array_length json_arrayagg json_build_array json_build_object
  json_contains json_each json_each_text json_extract json_extract_path json_extract_path_text json_group_array
  json_group_object json_length json_object json_object_agg json_object_keys json_objectagg json_quote json_to_record
  json_to_recordset json_tree json_type json_typeof json_unquote json_valid json_value jsonb_agg jsonb_array_elements
  jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text
  jsonb_extract_path jsonb_extract_path_text jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_match
  jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_pretty jsonb_set jsonb_strip_nulls
  jsonb_to_record jsonb_to_recordset jsonb_typeof justify_days justify_hours justify_interval lag last_day last_value
  lcase lead least left len length ln locate log log10 log2 lower lpad ltrim make_date make_interval make_time
  make_timestamp make_timestamptz max md5 mid min minute mod mode month monthname name  nth_value ntile nullif
  numrange daterange tsrange tstzrange int4range int8range nvl octet_length overlay patindex percent_rank
  percentile_cont percentile_disc phraseto_tsquery pi plainto_tsquery position power pow printf quarter quote_ident
  quote_literal quote_nullable radians range_agg rank regexp_count regexp_instr regexp_like regexp_match
  regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr regr_slope repeat replace
  replicate reverse right round row row_number row_to_json rpad rtrim scale second sha1 sha2 sha224 sha256 sha384
  sha512 sign similarity sin sqrt starts_with stddev stddev_pop stddev_samp str_to_date string_agg
  string_to_array string_to_table strpos stuff substr substring substring_index sum tan timestampdiff timestampadd
  time_bucket to_char to_date to_hex to_json to_jsonb to_number to_timestamp to_tsquery to_tsvector translate trim
  trim_array trunc truncate ts_headline ts_rank ts_rank_cd typeof ucase unaccent unhex unicode unnest upper var_pop
  var_samp variance websearch_to_tsquery week weekday weekofyear width_bucket word_similarity year
  array array_agg array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position
  array_positions array_prepend array_remove array_replace array_to_json array_to_string array_upper
  exists xmlagg xmlelement lower_inc upper_inc isempty num_nonnulls num_nulls any_value levenshtein soundex metaphone
  jsonb jsonb_array jsonb_extract jsonb_group_array jsonb_group_object jsonb_object jsonb_patch jsonb_remove
  jsonb_replace
  cosine_distance l2_distance inner_product l1_distance vector_dims vector_norm datetime time julianday unixepoch total
  json_set json_insert json_replace json_remove json_patch json_search json_keys json_merge_patch json_merge_preserve
  json_overlaps json_contains_path json_depth json_pretty jsonb_insert timediff time_format strcmp conv crc32 dayname
  yearweek elt adddate subdate convert_tz makedate maketime to_base64 space rpad bit_xor truncate json_array_append
  json_array_insert sha1 std st_distance
`);

/** Functions that change nothing, and whose answer differs from call to call, or from session to session. */
export const DIFFERING: ReadonlySet<string> = names(`
  age bernoulli changes clock_timestamp connection_id curdate current_database current_schema current_schemas
  current_setting curtime database found_rows gen_random_uuid gen_salt getdate getutcdate inet_client_addr
  last_insert_id last_insert_rowid newid now pg_backend_pid pg_column_size pg_database_size pg_relation_size
  pg_size_pretty pg_sleep pg_table_size pg_total_relation_size rand random randomblob row_count schema sleep
  statement_timestamp sysdate system timeofday total_changes transaction_timestamp txid_current unix_timestamp
  uuid uuid_generate_v1 uuid_generate_v4 uuidv4 uuidv7 version
  current_date current_time current_timestamp localtime localtimestamp utc_date utc_time utc_timestamp current_user user
`);

/** Functions that answer the same without arguments. Others mean *now*, or something of the session. */
export const CONSTANT: ReadonlySet<string> = names(`
  count cume_dist dense_rank mode percent_rank pi rank row_number json_build_array json_build_object json_array json_object
  jsonb_build_array jsonb_build_object row
`);

/** Functions that change something, but never a row of a table: settings, locks, sequences, notifications. */
export const OF_SESSIONS: ReadonlySet<string> = names(`
  set_config pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all
  pg_advisory_unlock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_try_advisory_lock
  pg_try_advisory_lock_shared pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared pg_notify nextval setval
  currval lastval get_lock release_lock setseed pg_cancel_backend pg_terminate_backend
`);

/** Those of the above that neither PostgreSQL has nor what is like it: there, people have written them. */
export const NOT_LIKE_POSTGRESQL: ReadonlySet<string> = names(`
  changes charindex connection_id curdate curtime database date_diff date_format date_sub dateadd datediff datename
  datepart datetime day dayofmonth dayofweek dayofyear find_in_set found_rows from_base64 from_unixtime get_lock getdate
  getutcdate glob group_concat hex hour if ifnull iif insert instr isnull isnumeric json_contains json_extract json_group_array
  json_group_object json_length json_quote json_tree json_type json_unquote json_valid jsonb jsonb_array jsonb_extract
  jsonb_group_array jsonb_group_object jsonb_patch jsonb_remove jsonb_replace julianday last_day
  last_insert_id last_insert_rowid lcase len locate log2 mid minute month monthname newid nvl patindex printf quarter
  rand randomblob release_lock replicate row_count schema second sha1 sha2 sleep str_to_date stuff substring_index
  sysdate timestampadd timestampdiff total total_changes truncate typeof ucase unhex unicode unix_timestamp unixepoch
  uuid week weekday weekofyear year
`);
