namespace Dbaas.Engines.PostgreSql.Parameters;

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
        "Every connection is TLS 1.3 with the platform's certificate.";
    private const string Archiving =
        "The platform archives WAL for backup and point-in-time restore.";
    private const string Replicating = "Replication and failover belong to the platform.";
    private const string Libraries =
        "A library loaded into the server runs with the server's rights; the platform preloads pg_stat_statements and auto_explain.";
    private const string Logging = "The platform collects the server's log.";
    private const string Access = "Who may connect is decided by allowedCidrs and by roles.";
    private const string Accident =
        "It is meant for developers of PostgreSQL or for salvage, and can corrupt data.";
    private const string Debugging =
        "It is meant for developers of PostgreSQL, and would hold up every connection, the platform's own as well.";
    private const string Memory =
        "Shared memory must fit the machine's own limits, which the platform sets.";

    private static readonly Dictionary<string, string> Reasons = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["fsync"] = Durability,
        ["full_page_writes"] = Durability,
        ["wal_sync_method"] = Durability,
        ["data_sync_retry"] = Durability,
        ["allow_in_place_tablespaces"] = Accident,
        ["allow_system_table_mods"] = Accident,
        ["ignore_checksum_failure"] = Accident,
        ["ignore_invalid_pages"] = Accident,
        ["ignore_system_indexes"] = Accident,
        ["zero_damaged_pages"] = Accident,
        ["debug_discard_caches"] = Accident,
        ["debug_io_direct"] = Accident,
        ["pre_auth_delay"] = Debugging,
        ["post_auth_delay"] = Debugging,
        ["trace_connection_negotiation"] = Accident,
        ["remove_temp_files_after_crash"] = Accident,
        ["restart_after_crash"] = Replicating,
        ["data_directory"] = Placement,
        ["config_file"] = Placement,
        ["ident_file"] = Placement,
        ["external_pid_file"] = Placement,
        ["extension_control_path"] = Libraries,
        ["extension_destdir"] = Libraries,
        ["dynamic_library_path"] = Libraries,
        ["krb_server_keyfile"] = Access,
        ["hba_file"] = Access,
        ["oauth_validator_libraries"] = Access,
        ["password_encryption"] = "Passwords are kept as SCRAM-SHA-256 only.",
        ["db_user_namespace"] = Access,
        ["listen_addresses"] = Network,
        ["port"] = Network,
        ["bonjour"] = Network,
        ["bonjour_name"] = Network,
        ["unix_socket_directories"] = Placement,
        ["unix_socket_group"] = Placement,
        ["unix_socket_permissions"] = Placement,
        ["ssl"] = Encryption,
        ["ssl_ca_file"] = Encryption,
        ["ssl_cert_file"] = Encryption,
        ["ssl_key_file"] = Encryption,
        ["ssl_crl_file"] = Encryption,
        ["ssl_crl_dir"] = Encryption,
        ["ssl_ciphers"] = Encryption,
        ["ssl_tls13_ciphers"] = Encryption,
        ["ssl_groups"] = Encryption,
        ["ssl_ecdh_curve"] = Encryption,
        ["ssl_dh_params_file"] = Encryption,
        ["ssl_min_protocol_version"] = Encryption,
        ["ssl_max_protocol_version"] = Encryption,
        ["ssl_passphrase_command"] = Encryption,
        ["ssl_passphrase_command_supports_reload"] = Encryption,
        ["ssl_prefer_server_ciphers"] = Encryption,
        ["archive_mode"] = Archiving,
        ["archive_command"] = Archiving,
        ["archive_library"] = Archiving,
        ["archive_cleanup_command"] = Archiving,
        ["archive_timeout"] = Archiving,
        ["restore_command"] = Archiving,
        ["recovery_end_command"] = Archiving,
        ["recovery_init_sync_method"] = Archiving,
        ["recovery_target"] = Archiving,
        ["recovery_target_action"] = Archiving,
        ["recovery_target_inclusive"] = Archiving,
        ["recovery_target_lsn"] = Archiving,
        ["recovery_target_name"] = Archiving,
        ["recovery_target_time"] = Archiving,
        ["recovery_target_timeline"] = Archiving,
        ["recovery_target_xid"] = Archiving,
        ["wal_level"] = Archiving,
        ["summarize_wal"] = Archiving,
        ["cluster_name"] = Replicating,
        ["hot_standby"] = Replicating,
        ["primary_conninfo"] = Replicating,
        ["primary_slot_name"] = Replicating,
        ["promote_trigger_file"] = Replicating,
        ["synchronous_standby_names"] = Replicating,
        ["synchronized_standby_slots"] = Replicating,
        ["sync_replication_slots"] = Replicating,
        ["wal_log_hints"] = Replicating,
        ["max_wal_senders"] = Replicating,
        ["max_replication_slots"] = Replicating,
        ["wal_keep_size"] = Replicating,
        ["max_slot_wal_keep_size"] =
            "It bounds the WAL that a forgotten replication slot may keep, so that the volume cannot fill up.",
        ["local_preload_libraries"] = Libraries,
        ["session_preload_libraries"] = Libraries,
        ["shared_preload_libraries"] = Libraries,
        ["jit_provider"] = Libraries,
        ["event_source"] = Logging,
        ["log_destination"] = Logging,
        ["log_directory"] = Logging,
        ["log_filename"] = Logging,
        ["log_file_mode"] = Logging,
        ["log_line_prefix"] = Logging,
        ["log_rotation_age"] = Logging,
        ["log_rotation_size"] = Logging,
        ["log_truncate_on_rotation"] = Logging,
        ["log_timezone"] = Logging,
        ["logging_collector"] = Logging,
        ["syslog_facility"] = Logging,
        ["syslog_ident"] = Logging,
        ["syslog_sequence_numbers"] = Logging,
        ["syslog_split_messages"] = Logging,
        ["huge_pages"] = Memory,
        ["huge_page_size"] = Memory,
        ["dynamic_shared_memory_type"] = Memory,
        ["shared_memory_type"] = Memory,
        ["min_dynamic_shared_memory"] = Memory,
        ["io_method"] =
            "The machine's system call filter decides which way of asynchronous I/O can be used.",
        ["temp_tablespaces"] = Placement,
        ["update_process_title"] = "The platform recognises server processes by their titles.",
    };

    /// <summary>
    /// Values that hold in every instance, whatever its size; an older major may not know all of them. Paths and addresses are added
    /// inside the machine.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Values { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fsync"] = "on",
            ["full_page_writes"] = "on",
            ["wal_level"] = "replica",
            ["wal_log_hints"] = "on",
            ["hot_standby"] = "on",
            ["max_wal_senders"] = "10",
            ["max_replication_slots"] = "10",
            ["password_encryption"] = "scram-sha-256",
            ["ssl"] = "on",
            ["ssl_min_protocol_version"] = "TLSv1.3",
            ["shared_preload_libraries"] = "pg_stat_statements,auto_explain",
            // Mapping huge pages that the host did not reserve for this machine ends in SIGBUS, not in an error.
            ["huge_pages"] = "off",
            // io_uring needs system calls that the machine's filter refuses.
            ["io_method"] = "worker",
            // The volume is the instance's own, so one call flushes it; opening a thousand files one by one takes seconds after a
            // crash, during which nobody can write.
            ["recovery_init_sync_method"] = "syncfs",
            ["restart_after_crash"] = "on",
            ["logging_collector"] = "on",
            ["log_destination"] = "stderr",
            ["log_filename"] = "postgresql-%a.log",
            ["log_rotation_age"] = "1440",
            // Seven files, one a weekday, overwritten a week later: the log cannot fill the volume by age alone.
            ["log_truncate_on_rotation"] = "on",
            ["log_timezone"] = "UTC",
            ["log_line_prefix"] = "%m [%p] %q%u@%d ",
        };

    /// <summary>Why a user may not set the parameter, or null when he may.</summary>
    public static string? ReasonFor(string name) => Reasons.GetValueOrDefault(name);
}
