using System.Globalization;

namespace Dbaas.Host.Gateway;

/// <summary>Reads the CSV of <c>show stat</c>; columns are found by their names in the first line.</summary>
internal static class HaproxyStatistics
{
    internal readonly record struct Row(
        bool IsFrontend,
        bool IsServer,
        bool PassedCheck,
        int Connections
    );

    /// <summary>Names of all frontends.</summary>
    /// <exception cref="GatewayException">The answer is no statistics; an empty list would call clean what is not.</exception>
    public static IReadOnlySet<string> Frontends(string csv)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || !lines[0].StartsWith("# ", StringComparison.Ordinal))
        {
            throw new GatewayException(
                "gateway.start_failed",
                "The region's HAProxy does not say what it serves.",
                retryable: true
            );
        }
        var columns = lines[0][2..].Split(',');
        var (proxy, name) = (Array.IndexOf(columns, "pxname"), Array.IndexOf(columns, "svname"));
        return lines
            .Skip(1)
            .Select(line => line.Split(','))
            .Where(fields => fields.Length > Math.Max(proxy, name) && fields[name] == "FRONTEND")
            .Select(fields => fields[proxy])
            .ToHashSet(StringComparer.Ordinal);
    }

    public static IReadOnlyList<Row> Parse(string csv, string proxy)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || !lines[0].StartsWith("# ", StringComparison.Ordinal))
        {
            return [];
        }
        var columns = lines[0][2..].Split(',');
        int Column(string name) => Array.IndexOf(columns, name);
        var (kind, name, status, check, current) = (
            Column("type"),
            Column("svname"),
            Column("status"),
            Column("check_status"),
            Column("scur")
        );
        return
        [
            .. lines
                .Skip(1)
                .Select(line => line.Split(','))
                .Where(fields => fields.Length > Math.Max(kind, check) && fields[0] == proxy)
                .Select(fields => new Row(
                    fields[name] == "FRONTEND",
                    fields[kind] == "2",
                    // INI: not checked yet. A check that runs again is marked with "* ".
                    fields[status].StartsWith("UP", StringComparison.Ordinal)
                        && fields[check].TrimStart('*', ' ') is "L7OK" or "L6OK" or "L4OK",
                    int.TryParse(fields[current], CultureInfo.InvariantCulture, out var count)
                        ? count
                        : 0
                )),
        ];
    }
}
