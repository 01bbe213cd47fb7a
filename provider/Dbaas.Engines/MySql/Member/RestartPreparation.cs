using System.Globalization;
using MySqlConnector;

namespace Dbaas.Engines.MySql.Member;

/// <summary>
/// What shortens the recovery of a server that is about to be killed (ADR 0097), done while it serves: changed pages go to the data files
/// as far as that is quick, the binary log to be searched is a new one, and the next server knows which pages to read.
/// </summary>
internal static class RestartPreparation
{
    /// <summary>16 KiB each: redoing them takes no time that anybody sees.</summary>
    private const long FewPages = 500;

    // A server that is written to all the time never gets below; what is left is redone, as after any crash.
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>A restart goes on also when this fails: its recovery takes longer then.</summary>
    public static async Task MakeAsync(
        LocalSession session,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await session.ExecuteAsync("FLUSH BINARY LOGS", cancellationToken);
            await session.ExecuteAsync(
                "SET GLOBAL innodb_buffer_pool_dump_now = ON",
                cancellationToken
            );
            await FlushAsync(session, time, cancellationToken);
        }
        catch (MySqlException)
        {
            // A server that refuses these is restarted all the same.
        }
    }

    private static async Task FlushAsync(
        LocalSession session,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var usual = (
            await session.QueryAsync(
                "SELECT @@GLOBAL.innodb_max_dirty_pages_pct",
                reader => reader.GetDouble(0),
                cancellationToken
            )
        )[0];
        await SetAsync(0);
        try
        {
            var started = time.GetTimestamp();
            while (
                await DirtyAsync(session, cancellationToken) > FewPages
                && time.GetElapsedTime(started) < FlushLimit
            )
            {
                await Task.Delay(Poll, time, cancellationToken);
            }
        }
        finally
        {
            // The kill would take it away as well, but may yet be called off.
            await SetAsync(usual);
        }

        Task SetAsync(double percent) =>
            session.ExecuteAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"SET GLOBAL innodb_max_dirty_pages_pct = {percent}"
                ),
                CancellationToken.None
            );
    }

    private static async Task<long> DirtyAsync(
        LocalSession session,
        CancellationToken cancellationToken
    ) =>
        (
            await session.QueryAsync(
                "SELECT CAST(variable_value AS SIGNED) FROM performance_schema.global_status WHERE variable_name = 'Innodb_buffer_pool_pages_dirty'",
                reader => reader.GetInt64(0),
                cancellationToken
            )
        )[0];
}
