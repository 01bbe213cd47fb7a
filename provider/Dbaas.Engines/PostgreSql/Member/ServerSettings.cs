using System.Globalization;
using System.Text;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Writes the server's configuration files from a specification. The agent is their only author (ADR 0060).</summary>
internal static class ServerSettings
{
    /// <summary>
    /// Settings that must agree between primary and standbys. Patroni passes them on the command line and takes them from its
    /// dynamic configuration only, so the agent does both as well: <see cref="CommandLine"/> and <see cref="PatroniApi"/>.
    /// </summary>
    public static IReadOnlyList<string> Shared { get; } =
    [
        "wal_level",
        "hot_standby",
        "max_connections",
        "max_wal_senders",
        "max_prepared_transactions",
        "max_locks_per_transaction",
        "track_commit_timestamp",
        "max_replication_slots",
        "max_worker_processes",
        "wal_log_hints",
    ];

    /// <summary>
    /// What no reading of the files may change, because the command line comes before them. Patroni empties <c>postgresql.conf</c> before
    /// it writes it: a reload at that moment sets all that is missing to its default, and that of <c>ssl</c> is off.
    /// </summary>
    private static readonly string[] s_fixed =
    [
        "listen_addresses",
        "port",
        "cluster_name",
        "ssl",
        "ssl_min_protocol_version",
        "ssl_cert_file",
        "ssl_key_file",
    ];

    /// <summary>Everything the server is told, in the engine's spelling.</summary>
    public static SortedDictionary<string, string> Of(
        MemberSpec spec,
        MemberPaths paths,
        ParameterCatalogue catalogue
    )
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        // Always all of them: what is missing in Patroni's dynamic configuration would become Patroni's default, not the engine's.
        foreach (var name in Shared)
        {
            settings[name] = catalogue.Parameters[name].Default;
        }

        foreach (var (name, value) in spec.Settings)
        {
            settings[name] = value;
        }

        settings["listen_addresses"] = spec.ListenAddress;
        settings["port"] = spec.Port.ToString(CultureInfo.InvariantCulture);
        settings["cluster_name"] = spec.Cluster;
        settings["unix_socket_directories"] = paths.SocketFolder;
        settings["unix_socket_permissions"] = "0700";
        settings["log_directory"] = paths.LogFolder;
        settings["ssl"] = "on";
        settings["ssl_min_protocol_version"] = "TLSv1.3";
        settings["ssl_cert_file"] = $"{paths.TlsFolder}/endpoint.crt";
        settings["ssl_key_file"] = $"{paths.TlsFolder}/endpoint.key";
        settings["password_encryption"] = "scram-sha-256";
        return settings;
    }

    public static string File(IReadOnlyDictionary<string, string> settings)
    {
        var text = new StringBuilder(
            "# Written by the agent; values in base units as in pg_settings. Changes made here are overwritten.\n"
        );
        foreach (var (name, value) in settings)
        {
            text.Append(name).Append(" = ").Append(Quoted(value)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A first postgresql.conf; Patroni later writes its own, which includes the same file.</summary>
    public static string Including(MemberPaths paths) => $"include '{paths.SettingsFile}'\n";

    /// <summary>The server's arguments. Nothing secret may stand here: every process of the machine can read them.</summary>
    public static IReadOnlyList<string> CommandLine(
        IReadOnlyDictionary<string, string> settings,
        MemberPaths paths
    ) =>
        [
            "-D",
            paths.Data,
            .. Shared
                .Concat(s_fixed)
                .Where(settings.ContainsKey)
                .SelectMany(name => (string[])["-c", $"{name}={settings[name]}"]),
        ];

    /// <summary>
    /// The machine's own user comes in by the local socket as superuser, nobody else does; from the network there is SCRAM over TLS
    /// for roles that are not the platform's, and replication for its own role. Order matters: the first line that matches decides.
    /// </summary>
    public static string HostBasedAccess =>
        $"""
            local    all          postgres                            peer map=machine
            local    all          all                                 reject
            hostssl  replication  {RoleStatements.ReplicationUser}  all  scram-sha-256
            host     all          {RoleStatements.ReplicationUser}  all  reject
            host     replication  all                            all  reject
            host     all          postgres                       all  reject
            hostssl  all          all                            all  scram-sha-256
            host     all          all                            all  reject

            """;

    /// <summary>
    /// The machine's user has a name of the host's choosing; in its container it is nobody's but the engine's, so it may be the superuser.
    /// </summary>
    public static string UserNames =>
        $"machine  \"{Environment.UserName}\"  {RoleStatements.Superuser}\n";

    // In a configuration file backslashes escape, and a quote is doubled (guc-file.l).
    internal static string Quoted(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
