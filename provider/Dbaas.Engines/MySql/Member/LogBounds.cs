using Dbaas.Engines.Members;

namespace Dbaas.Engines.MySql.Member;

/// <summary>
/// Bounds what the server writes beside its data (ADR 0137). It bounds its binary logs by age alone, and its text logs not at all, so that a
/// day of steady writing could fill any volume with what nobody may remove but the platform.
/// </summary>
internal static class LogBounds
{
    /// <summary>The binary logs may take a tenth of the volume. Each is at most a 64th, or one transaction if that is longer.</summary>
    private const int BinaryShare = 10;

    /// <summary>The one that is written and the one before, whatever their size: who follows the log is hardly ever further behind.</summary>
    private const int FewestBinary = 2;

    /// <summary>What one text log may take, twice: what it held before is kept until the next is as long.</summary>
    private const long LongestText = 64L << 20;

    /// <summary>Less on a small volume: three logs, twice, are a tenth of it then.</summary>
    private const int TextShare = 64;

    /// <summary>Looks once. Safe beside anything else that is done with the server.</summary>
    public static async Task KeepAsync(
        LocalSession session,
        MemberPaths paths,
        CancellationToken cancellationToken
    )
    {
        var volume = new DriveInfo(paths.VolumeRoot).TotalSize;
        await KeepBinaryAsync(session, volume / BinaryShare, cancellationToken);
        (string Log, string Kind)[] texts =
        [
            (paths.ErrorLog, "ERROR"),
            (paths.SlowLog, "SLOW"),
            (paths.GeneralLog, "GENERAL"),
        ];
        foreach (var (log, kind) in texts)
        {
            if (PutAside(log, Math.Min(LongestText, volume / TextShare)))
            {
                // LOCAL: each member has logs of its own, and the statement is no transaction of the group.
                await session.ExecuteAsync($"FLUSH LOCAL {kind} LOGS", cancellationToken);
            }
        }
    }

    /// <summary>Which binary log to keep as the oldest: the newest ones that fit are kept, and some in any case.</summary>
    /// <param name="bytes">Sizes, the oldest first.</param>
    /// <param name="most">What all together may take.</param>
    internal static int OldestKept(long[] bytes, long most)
    {
        var oldest = bytes.Length;
        var kept = 0L;
        while (
            oldest > 0 && (bytes.Length - oldest < FewestBinary || kept + bytes[oldest - 1] <= most)
        )
        {
            oldest--;
            kept += bytes[oldest];
        }

        return oldest;
    }

    // The server itself keeps what a client reads at this moment, and all that is newer.
    private static async Task KeepBinaryAsync(
        LocalSession session,
        long most,
        CancellationToken cancellationToken
    )
    {
        var logs = await session.QueryAsync(
            "SHOW BINARY LOGS",
            reader => (Name: reader.GetString(0), Bytes: (long)reader.GetUInt64(1)),
            cancellationToken
        );
        var oldest = OldestKept([.. logs.Select(log => log.Bytes)], most);
        if (oldest > 0)
        {
            await session.ExecuteAsync(
                $"PURGE BINARY LOGS TO {SqlText.Plain(logs[oldest].Name)}",
                cancellationToken
            );
        }
    }

    /// <summary>Whether the server must open the log anew. It goes on with the file it has, by whatever name, until it is told.</summary>
    private static bool PutAside(string log, long most)
    {
        var old = log + EngineLogTail.PutAside;
        var now = new FileInfo(log);
        if (!now.Exists)
        {
            // Put aside by an agent that was ended before it told the server; or nothing was written since.
            return File.Exists(old);
        }

        if (now.Length <= most)
        {
            return false;
        }

        File.Move(log, old, overwrite: true);
        return true;
    }
}
