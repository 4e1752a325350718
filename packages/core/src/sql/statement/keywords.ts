const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words that are volatile without brackets. */
export const VOLATILE_WORDS: ReadonlySet<string> = words(`
  current_catalog current_date current_role current_schema current_time current_timestamp current_user localtime
  localtimestamp session_user system_user tablesample user utc_date utc_time utc_timestamp
`);

/** Words that may stand before a bracket without being called. */
export const NO_FUNCTIONS: ReadonlySet<string> = words(`
  all and any as between by case conflict default distinct div else except exists filter from group having ilike in
  insert intersect into is join key lateral like limit materialized not of offset on only or order over overlaps
  partition recursive regexp returning rlike rollup select separator set sets similar some straight_join table then union
  unique update using values when where window with within xor cube
`);
