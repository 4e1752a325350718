// Made by `scripts/generate-functions.mjs`.

/** SQLite's own functions, without those that run code or SQL. */
export const SQLITE = `
  abs acos acosh asin asinh atan atan2 atanh avg bm25 cast ceil ceiling changes char coalesce concat concat_ws cos cosh
  count cume_dist current_date current_time current_timestamp date datetime degrees dense_rank exists exp first_value
  floor format fts5_source_id generate_series geopoly_area geopoly_bbox geopoly_blob geopoly_ccw geopoly_contains_point
  geopoly_group_bbox geopoly_json geopoly_overlap geopoly_regular geopoly_svg geopoly_within geopoly_xform glob
  group_concat hex highlight ifnull iif instr json json_array json_array_length json_each json_error_position
  json_extract json_group_array json_group_object json_insert json_object json_patch json_quote json_remove json_replace
  json_set json_tree json_type json_valid jsonb jsonb_array jsonb_each jsonb_extract jsonb_group_array
  jsonb_group_object jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set jsonb_tree julianday lag
  last_insert_rowid last_value lead length libsql_vector_idx like likelihood likely ln log log10 log2 lower ltrim
  matchinfo max median min mod nth_value ntile nullif octet_length offsets percent_rank percentile percentile_cont
  percentile_disc pi pow power printf quote radians raise random randomblob rank regexp regexpi replace round row_number
  rtrim sha3 sign sin sinh snippet soundex sqlite_compileoption_get sqlite_compileoption_used sqlite_crypt sqlite_log
  sqlite_offset sqlite_source_id sqlite_version sqrt strftime string_agg substr substring subtype sum tan tanh time
  timediff total total_changes trim trunc typeof unhex unicode unixepoch unlikely upper uuid uuid_blob uuid_str vector
  vector16 vector1bit vector32 vector64 vector8 vector_distance_cos vector_distance_l2 vector_extract vectorb16 zeroblob
`;
