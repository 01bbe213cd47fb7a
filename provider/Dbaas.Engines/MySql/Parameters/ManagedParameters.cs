namespace Dbaas.Engines.MySql.Parameters;

/// <summary>
/// Parameters that the platform keeps, each with the reason a user is told, and the values it gives them. A parameter belongs here
/// when another value would lose data, open the machine, or take the instance out of the platform's hands.
/// </summary>
internal static class ManagedParameters
{
    private const string Durability =
        "Acknowledged writes could be lost or the data corrupted after a crash.";
    private const string Placement =
        "The platform decides where the engine keeps its files and sockets.";
    private const string Network = "The endpoint, its address and port belong to the platform.";
    private const string Encryption =
        "Every connection is TLS 1.3 with the platform's certificate, and the volume is encrypted below the engine.";
    private const string Archiving =
        "The platform keeps the binary log for backup and point-in-time restore.";
    private const string Replicating = "Replication and failover belong to the platform.";
    private const string Libraries =
        "A library or statement that the server runs by itself has the server's rights.";
    private const string Logging = "The platform collects the server's log.";
    private const string Access =
        "Accounts and how they prove who they are belong to the platform.";
    private const string Accident =
        "It is meant for salvage or for developers of MySQL, and can corrupt data.";
    private const string Format =
        "It is fixed when the data directory is made; the platform's template decides it.";
    private const string Memory =
        "Memory must fit the machine's own limits, which the platform sets.";

    // By beginning of the name: whole families of which no single one is the user's.
    private static readonly (string Prefix, string Reason)[] Families =
    [
        ("group_replication_", Replicating),
        ("replica_", Replicating),
        ("slave_", Replicating),
        ("relay_log", Replicating),
        ("rpl_", Replicating),
        ("report_", Replicating),
        ("source_", Replicating),
        ("master_", Replicating),
        ("gtid_", Replicating),
        ("ssl_", Encryption),
        ("tls_", Encryption),
        ("admin_", Network),
        ("mysqlx", "The X protocol is switched off; the endpoint speaks MySQL's own."),
        ("caching_sha2_password_", Access),
        ("sha256_password_", Access),
        ("mysql_native_password", Access),
        ("auto_generate_certs", Encryption),
        ("keyring_", Encryption),
        ("innodb_force_", Accident),
        ("innodb_undo_directory", Placement),
        ("innodb_redo_log_archive", Placement),
        ("clone_", Replicating),
        ("persist_", Access),
        ("plugin_", Libraries),
        ("debug", Accident),
        ("version", "It shows how the server was built and cannot be set."),
        ("telemetry", Logging),
        ("syseventlog", Logging),
    ];

    private static readonly Dictionary<string, string> Reasons = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["innodb_flush_log_at_trx_commit"] = Durability,
        ["sync_binlog"] = Durability,
        ["innodb_doublewrite"] = Durability,
        ["innodb_checksum_algorithm"] = Durability,
        ["innodb_log_checksums"] = Durability,
        ["innodb_fast_shutdown"] = Durability,
        ["innodb_flush_method"] = Durability,
        ["innodb_use_fdatasync"] = Durability,
        ["binlog_error_action"] = Durability,
        ["default_storage_engine"] =
            "Only InnoDB survives a crash and takes part in group replication.",
        ["default_tmp_storage_engine"] = Durability,
        ["disabled_storage_engines"] =
            "Only InnoDB survives a crash and takes part in group replication.",
        ["enforce_gtid_consistency"] = Replicating,
        ["innodb_read_only"] = Replicating,
        ["read_only"] = Replicating,
        ["super_read_only"] = Replicating,
        ["offline_mode"] = Replicating,
        ["skip_replica_start"] = Replicating,
        ["skip_slave_start"] = Replicating,
        ["server_id"] = Replicating,
        ["server_id_bits"] = Replicating,
        ["log_replica_updates"] = Replicating,
        ["log_slave_updates"] = Replicating,
        ["init_replica"] = Replicating,
        ["init_slave"] = Replicating,
        ["sync_relay_log"] = Replicating,
        ["sync_relay_log_info"] = Replicating,
        ["sync_source_info"] = Replicating,
        ["sync_master_info"] = Replicating,
        ["binlog_checksum"] = Replicating,
        ["binlog_format"] = Replicating,
        ["binlog_row_value_options"] = Archiving,
        ["binlog_encryption"] = Encryption,
        ["log_bin"] = Archiving,
        ["log_bin_basename"] = Archiving,
        ["log_bin_index"] = Archiving,
        ["log_bin_trust_function_creators"] = Archiving,
        ["sql_generate_invisible_primary_key"] =
            "Group replication takes rows of tables with a primary key only; a table made without one gets an invisible one.",
        ["binlog_expire_logs_auto_purge"] = Archiving,
        ["max_binlog_size"] = Archiving,
        ["basedir"] = Placement,
        ["datadir"] = Placement,
        ["tmpdir"] = Placement,
        ["socket"] = Placement,
        ["pid_file"] = Placement,
        ["character_sets_dir"] = Placement,
        ["lc_messages_dir"] = Placement,
        ["innodb_data_home_dir"] = Placement,
        ["innodb_data_file_path"] = Format,
        ["innodb_temp_data_file_path"] = Placement,
        ["innodb_temp_tablespaces_dir"] = Placement,
        ["innodb_directories"] = Placement,
        ["innodb_doublewrite_dir"] = Placement,
        ["innodb_log_group_home_dir"] = Placement,
        ["innodb_tmpdir"] = Placement,
        ["innodb_buffer_pool_filename"] = Placement,
        ["secure_file_priv"] =
            "Sessions read and write no files of the machine; load data through the connection.",
        ["local_infile"] =
            "A server that asks clients for their files is a known way to steal them; load data by INSERT.",
        ["lower_case_table_names"] = Format,
        ["innodb_page_size"] = Format,
        ["innodb_undo_tablespaces"] = Format,
        ["bind_address"] = Network,
        ["port"] = Network,
        ["port_open_timeout"] = Network,
        ["skip_networking"] = Network,
        ["skip_name_resolve"] =
            "The engine sees the gateway's address only, which has no name worth resolving.",
        ["host_cache_size"] =
            "The engine sees the gateway's address only; a cache would block it for one client's mistakes.",
        ["max_connect_errors"] =
            "The engine sees the gateway's address only; a limit would block it for one client's mistakes.",
        ["create_admin_listener_thread"] = Network,
        ["require_secure_transport"] = Encryption,
        ["authentication_policy"] = Access,
        ["partial_revokes"] = Access,
        ["mandatory_roles"] = Access,
        ["check_proxy_users"] = Access,
        ["default_table_encryption"] = Encryption,
        ["table_encryption_privilege_check"] = Encryption,
        ["innodb_redo_log_encrypt"] = Encryption,
        ["innodb_undo_log_encrypt"] = Encryption,
        ["init_file"] = Libraries,
        ["init_connect"] = Libraries,
        ["skip_grant_tables"] = Access,
        ["skip_show_database"] = Access,
        ["allow_suspicious_udfs"] = Libraries,
        ["log_error"] = Logging,
        ["log_error_services"] = Logging,
        ["log_error_suppression_list"] = Logging,
        ["log_error_verbosity"] = Logging,
        ["log_output"] = Logging,
        ["log_raw"] = "Passwords would stand in the server's log.",
        ["log_timestamps"] = Logging,
        ["general_log_file"] = Logging,
        ["slow_query_log_file"] = Logging,
        ["core_file"] = "A core file would hold the data of every session.",
        ["innodb_buffer_pool_in_core_file"] = "A core file would hold the data of every session.",
        ["large_pages"] = Memory,
        ["super_large_pages"] = Memory,
        ["innodb_numa_interleave"] = Memory,
        ["innodb_buffer_pool_chunk_size"] = Memory,
        ["innodb_dedicated_server"] =
            "It sizes the server by the whole host; the platform does so by the machine.",
        ["open_files_limit"] = Memory,
        ["locked_in_memory"] = Memory,
        ["innodb_use_native_aio"] =
            "The machine's system call filter decides which way of asynchronous I/O can be used.",
        ["performance_schema"] =
            "The platform reads the state of the group and the server's figures from it.",
        ["thread_handling"] = Accident,
        ["symbolic_links"] = Placement,
        ["external_locking"] = Placement,
        ["gdb"] = Accident,
        ["innodb_redo_log_archive_dirs"] = Placement,
        ["innodb_validate_tablespace_paths"] = Durability,
        ["show_gipk_in_create_table_and_information_schema"] = Accident,
        ["ft_stopword_file"] = Placement,
        ["flush"] = Accident,
        ["upgrade"] = Format,
        ["default_authentication_plugin"] = Access,
    };

    /// <summary>
    /// Values that hold in every instance, whatever its size. Paths, addresses and identifiers are added inside the machine.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Values { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["innodb_flush_log_at_trx_commit"] = "1",
            ["sync_binlog"] = "1",
            ["innodb_doublewrite"] = "ON",
            ["binlog_error_action"] = "ABORT_SERVER",
            ["disabled_storage_engines"] = "MyISAM,BLACKHOLE,FEDERATED,ARCHIVE,CSV",
            ["log_bin"] = "binlog",
            // Without it only SUPER may make triggers and functions. The rule guards logs of statements; these hold rows.
            ["log_bin_trust_function_creators"] = "ON",
            // The group refuses every row of a table without a primary key, only when the first is written.
            ["sql_generate_invisible_primary_key"] = "ON",
            ["relay_log"] = "relay-bin",
            ["gtid_mode"] = "ON",
            ["enforce_gtid_consistency"] = "ON",
            // The group makes its primary writable; outside of it nobody writes.
            ["super_read_only"] = "ON",
            ["require_secure_transport"] = "ON",
            ["tls_version"] = "TLSv1.3",
            ["auto_generate_certs"] = "OFF",
            ["caching_sha2_password_auto_generate_rsa_keys"] = "OFF",
            ["mysqlx"] = "OFF",
            ["local_infile"] = "OFF",
            // The word NULL, not an empty text, which would allow every path.
            ["secure_file_priv"] = "NULL",
            ["partial_revokes"] = "ON",
            ["skip_name_resolve"] = "ON",
            ["host_cache_size"] = "0",
            ["max_connect_errors"] = "18446744073709551615",
            ["innodb_dedicated_server"] = "OFF",
            ["innodb_buffer_pool_in_core_file"] = "OFF",
            // The kernel refuses memory policies to a machine, and the server would warn of it a dozen times at every start.
            ["innodb_numa_interleave"] = "OFF",
            ["log_error_verbosity"] = "2",
            ["log_timestamps"] = "UTC",
            ["log_output"] = "FILE",
            ["plugin_load_add"] = "group_replication.so;auth_socket.so",
            ["open_files_limit"] = "65535",
            ["group_replication_start_on_boot"] = "OFF",
            ["group_replication_single_primary_mode"] = "ON",
            // Messages of the group run over the server's own port and its TLS; no second port is open in the machine.
            ["group_replication_communication_stack"] = "MYSQL",
            ["group_replication_ssl_mode"] = "REQUIRED",
            ["group_replication_recovery_use_ssl"] = "ON",
            ["group_replication_recovery_tls_version"] = "TLSv1.3",
            // 1 GiB by default, which is more than a small machine has; it bounds how long a member may be away and still catch up.
            ["group_replication_message_cache_size"] = "134217728",
            // A member that was cut off stops taking clients; the agent brings it back.
            ["group_replication_exit_state_action"] = "OFFLINE_MODE",
        };

    /// <summary>Why a user may not set the parameter, or null when he may.</summary>
    public static string? ReasonFor(string name) =>
        Reasons.GetValueOrDefault(name)
        ?? Array
            .Find(
                Families,
                family => name.StartsWith(family.Prefix, StringComparison.OrdinalIgnoreCase)
            )
            .Reason;
}
