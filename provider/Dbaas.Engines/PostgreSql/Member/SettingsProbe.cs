using System.Globalization;
using Dbaas.Engines.PostgreSql.Parameters;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Compares what the running server uses with what it was told.</summary>
internal sealed class SettingsProbe(LocalSession session)
{
    /// <param name="Value">In base units.</param>
    private sealed record Live(string Name, string Value, bool PendingRestart);

    /// <summary>Name → value in base units as the server uses it now, of all settings.</summary>
    public async Task<Dictionary<string, string>> CurrentAsync(
        CancellationToken cancellationToken
    ) => (await ReadAsync(cancellationToken)).ToDictionary(live => live.Name, live => live.Value);

    /// <summary>
    /// Settings that wait for a restart. The server's own flag covers what it reads from files; the settings on its command line
    /// are compared here. What the platform keeps for itself waits silently for the next restart: a change that no plan called a restart
    /// must not become one by an upgrade before it (ADR 0064).
    /// </summary>
    public async Task<IReadOnlyList<string>> PendingAsync(
        IReadOnlyDictionary<string, string> desired,
        CancellationToken cancellationToken
    )
    {
        List<string> pending = [];
        foreach (
            var live in (await ReadAsync(cancellationToken)).Where(live =>
                ManagedParameters.ReasonFor(live.Name) is null
            )
        )
        {
            var shared = ServerSettings.Shared.Contains(live.Name);
            if (
                shared
                    ? desired.TryGetValue(live.Name, out var wanted) && !Same(wanted, live.Value)
                    : live.PendingRestart
            )
            {
                pending.Add(live.Name);
            }
        }

        return pending;
    }

    /// <summary>Settings in our file that the server refuses, with its words; those that only wait for a restart are no refusal.</summary>
    /// <param name="file">Our file.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// Whether another file was in order as well. Patroni writes one in place, and the view reads all of them at this moment: of half a
    /// line there it says only that, and nothing of a wrong value in ours.
    /// </returns>
    public async Task<(IReadOnlyList<string> Refused, bool OthersInOrder)> RefusedAsync(
        string file,
        CancellationToken cancellationToken
    )
    {
        var refused = await session.QueryAsync(
            """
            SELECT coalesce(f.sourcefile, ''), coalesce(f.name, 'configuration') || ': ' || f.error
              FROM pg_file_settings f
              LEFT JOIN pg_settings s ON s.name = f.name
             WHERE f.error IS NOT NULL AND NOT coalesce(s.pending_restart, false)
               AND coalesce(s.context, '') <> 'postmaster'
            """,
            reader => (File: reader.GetString(0), Words: reader.GetString(1)),
            cancellationToken
        );
        return (
            [.. refused.Where(one => one.File == file).Select(one => one.Words)],
            refused.TrueForAll(one => one.File == file)
        );
    }

    /// <summary>The server's clock, in microseconds since 1970.</summary>
    public Task<long> NowAsync(CancellationToken cancellationToken) =>
        MomentAsync(
            "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
            cancellationToken
        );

    /// <summary>
    /// When the files were read last, by the same clock. Each backend has a time of its own for it, and the next question may reach another:
    /// to be compared with a moment, never with an earlier answer.
    /// </summary>
    public Task<long> LoadTimeAsync(CancellationToken cancellationToken) =>
        MomentAsync(
            "SELECT (extract(epoch FROM pg_conf_load_time()) * 1000000)::bigint",
            cancellationToken
        );

    private async Task<long> MomentAsync(string sql, CancellationToken cancellationToken) =>
        (await session.QueryAsync(sql, reader => reader.GetInt64(0), cancellationToken))[0];

    internal static bool Same(string left, string right) =>
        left == right
        || (
            double.TryParse(left, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
            && double.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
            && a.Equals(b)
        );

    private Task<List<Live>> ReadAsync(CancellationToken cancellationToken) =>
        session.QueryAsync(
            "SELECT name, setting, pending_restart FROM pg_settings",
            reader => new Live(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)),
            cancellationToken
        );
}
