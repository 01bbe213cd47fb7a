using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MySql.Member;

/// <summary>Writes the server's option file from a specification. The agent is its only author (ADR 0090).</summary>
internal static class OptionFile
{
    /// <summary>Everything the server is told, in the engine's spelling.</summary>
    public static SortedDictionary<string, string> Of(MemberSpec spec, MemberPaths paths)
    {
        var settings = new SortedDictionary<string, string>(
            new Dictionary<string, string>(spec.Settings),
            StringComparer.Ordinal
        );
        var port = spec.Port.ToString(CultureInfo.InvariantCulture);
        settings["datadir"] = paths.Data;
        settings["tmpdir"] = paths.TemporaryFolder;
        settings["replica_load_tmpdir"] = paths.TemporaryFolder;
        settings["socket"] = paths.Socket;
        settings["pid_file"] = paths.PidFile;
        settings["innodb_temp_data_file_path"] = paths.TemporaryTablespace;
        settings["init_file"] = paths.InitFile;
        settings["log_error"] = paths.ErrorLog;
        settings["slow_query_log_file"] = paths.SlowLog;
        settings["general_log_file"] = paths.GeneralLog;
        settings["bind_address"] = spec.ListenAddress;
        settings["port"] = port;
        settings["report_host"] = spec.ListenAddress;
        settings["report_port"] = port;
        settings["ssl_ca"] = $"{paths.TlsFolder}/endpoint-ca.crt";
        settings["ssl_cert"] = $"{paths.TlsFolder}/endpoint.crt";
        settings["ssl_key"] = $"{paths.TlsFolder}/endpoint.key";
        settings["server_id"] = ServerId(spec.MemberId).ToString(CultureInfo.InvariantCulture);
        settings["group_replication_group_name"] = GroupName(spec.InstanceId);
        settings["group_replication_local_address"] = $"{spec.ListenAddress}:{port}";
        return settings;
    }

    public static string Write(IReadOnlyDictionary<string, string> settings)
    {
        var text = new StringBuilder(
            "# Written by the agent. Changes made here are overwritten.\n[mysqld]\n"
        );
        foreach (var (name, value) in settings)
        {
            // The one variable whose option has another name.
            text.Append(name == "time_zone" ? "default_time_zone" : name)
                .Append(" = ")
                .Append(Quoted(value))
                .Append('\n');
        }

        return text.ToString();
    }

    /// <summary>
    /// Distinct for each member, stable for its life: a replica ignores events that carry its own. Zero means none, so it is left out.
    /// </summary>
    internal static uint ServerId(string memberId) =>
        Math.Max(
            1,
            BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(memberId)))
        );

    /// <summary>The group's UUID, the same for all members of an instance; transactions of the group carry it in their GTIDs.</summary>
    internal static string GroupName(string instanceId)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"group {instanceId}"))[..16];
        // RFC 9562, 5.8: version 8, a UUID of one's own making.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    // In an option file backslashes escape, quotes around a value are taken off, and # begins a comment outside of quotes
    // (MySQL manual, "Using Option Files"). NULL is only recognised without quotes.
    internal static string Quoted(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? value
            : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal)}\"";
}
