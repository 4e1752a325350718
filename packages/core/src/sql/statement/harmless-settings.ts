const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Settings of PostgreSQL that bound, plan, log or commit statements, and never change the result of a query. */
const OF_POSTGRESQL: ReadonlySet<string> = words(`
  application_name backend_flush_after check_function_bodies client_connection_check_interval client_min_messages
  commit_delay commit_siblings constraint_exclusion cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost
  cursor_tuple_fraction deadlock_timeout default_statistics_target default_table_access_method default_tablespace
  default_transaction_deferrable default_transaction_isolation default_transaction_read_only effective_cache_size
  effective_io_concurrency from_collapse_limit geqo geqo_threshold hash_mem_multiplier
  idle_in_transaction_session_timeout idle_session_timeout jit join_collapse_limit lock_timeout
  logical_decoding_work_mem maintenance_io_concurrency maintenance_work_mem max_parallel_maintenance_workers
  max_parallel_workers max_parallel_workers_per_gather max_stack_depth min_parallel_index_scan_size
  min_parallel_table_scan_size parallel_leader_participation parallel_setup_cost parallel_tuple_cost plan_cache_mode
  random_page_cost recursive_worktable_factor seq_page_cost session_replication_role statement_timeout
  synchronous_commit temp_buffers temp_file_limit temp_tablespaces transaction_deferrable transaction_isolation
  transaction_read_only transaction_timeout work_mem
`);

const FAMILIES_OF_POSTGRESQL =
  /^(enable|log|track|debug|tcp|vacuum|geqo|jit)_\w+$|^(auto_explain|pg_stat_statements|plpgsql)\./;

/** The same of MySQL and MariaDB. */
const OF_MYSQL: ReadonlySet<string> = words(`
  bulk_insert_buffer_size foreign_key_checks innodb_lock_wait_timeout interactive_timeout join_buffer_size
  lock_wait_timeout long_query_time max_execution_time max_heap_table_size max_statement_time net_read_timeout
  net_write_timeout optimizer_prune_level optimizer_search_depth optimizer_switch profiling read_buffer_size
  sort_buffer_size sql_log_bin sql_notes sql_safe_updates sql_warnings tmp_table_size transaction_isolation
  transaction_read_only tx_isolation tx_read_only unique_checks wait_timeout
`);

/** Pragmas of SQLite that only report something, or set how files, memory and locks are used. */
const OF_SQLITE: ReadonlySet<string> = words(`
  analysis_limit application_id auto_vacuum automatic_index busy_timeout cache_size cache_spill checkpoint_fullfsync
  cell_size_check collation_list compile_options data_version database_list defer_foreign_keys foreign_key_check
  foreign_key_list foreign_keys freelist_count fullfsync function_list hard_heap_limit incremental_vacuum index_info
  index_list index_xinfo integrity_check journal_mode journal_size_limit locking_mode max_page_count mmap_size
  module_list optimize page_count page_size pragma_list quick_check recursive_triggers secure_delete shrink_memory
  soft_heap_limit synchronous table_info table_list table_xinfo temp_store threads user_version wal_autocheckpoint
  wal_checkpoint
`);

/** Whether results are the same for every value of the setting `name`, in databases of `provider`. */
export function isHarmlessSetting(name: string, provider: string | undefined): boolean {
  switch (provider) {
    case 'mysql':
      return OF_MYSQL.has(name);
    case 'sqlite':
      return OF_SQLITE.has(name);
    default:
      return OF_POSTGRESQL.has(name) || FAMILIES_OF_POSTGRESQL.test(name);
  }
}
