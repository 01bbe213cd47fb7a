using System.Globalization;
using MySqlConnector;

namespace Dbaas.Engines.MySql.Member;

/// <summary>
/// Ends writes. Before the server is told to stop: a member leaves its group first and asks its clients to go afterwards; a transaction
/// that waits for the group's decision at that moment never gets one, and the server gives up on it only after a minute (ADR 0146). And
/// while its volume is nearly full (ADR 0132).
/// </summary>
internal static class WriteStop
{
    private const int PatienceSeconds = 3;

    /// <summary>
    /// Commits under way end, no new one begins. Who does not get there in time is cut off. A stop goes on also when this fails: then it
    /// takes that minute.
    /// </summary>
    public static async Task EndAsync(LocalSession session, CancellationToken cancellationToken)
    {
        try
        {
            if (!await CloseAsync(session, cancellationToken))
            {
                // A statement or a lock of the user's holds it up. The server would cut these off as well, only later.
                await CutOffAsync(
                    session,
                    await ClientsAsync(session, cancellationToken),
                    cancellationToken
                );
                await CloseAsync(session, cancellationToken);
            }
        }
        catch (MySqlException)
        {
            // A server that does not answer is stopped all the same.
        }
    }

    /// <summary>
    /// Ends writes of a server that goes on serving. Who writes and does not come to an end is cut off, because it may be the one that fills
    /// the volume; who reads is left alone.
    /// </summary>
    /// <returns>False when writes go on: what was cut off is being taken back, which may take as long as it ran.</returns>
    public static async Task<bool> HoldAsync(
        LocalSession session,
        CancellationToken cancellationToken
    )
    {
        if (await CloseAsync(session, cancellationToken))
        {
            return true;
        }

        var writers = await WritersAsync(session, cancellationToken);
        await CutOffAsync(session, writers, cancellationToken);
        if (await CloseAsync(session, cancellationToken))
        {
            return true;
        }

        if (writers.Count > 0)
        {
            return false;
        }

        // Somebody holds it up who does not show: the instrument of these locks is the user's to switch off.
        await CutOffAsync(
            session,
            await ClientsAsync(session, cancellationToken),
            cancellationToken
        );
        return await CloseAsync(session, cancellationToken);
    }

    private static async Task<bool> CloseAsync(
        LocalSession session,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await session.ExecuteAsync(
                "SET GLOBAL super_read_only = ON",
                cancellationToken,
                PatienceSeconds
            );
            return true;
        }
        catch (MySqlException failure)
            when (failure.ErrorCode
                    is MySqlErrorCode.CommandTimeoutExpired
                        or MySqlErrorCode.QueryInterrupted
                        or MySqlErrorCode.LockWaitTimeout
            )
        {
            return false;
        }
    }

    private static Task<List<ulong>> ClientsAsync(
        LocalSession session,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            $"""
            SELECT processlist_id FROM performance_schema.threads
             WHERE name = 'thread/sql/one_connection' AND processlist_user <> '{Accounts.Platform}'
            """,
            reader => reader.GetUInt64(0),
            cancellationToken
        );

    // Each statement that writes, and each commit, holds the lock that super_read_only waits for; LOCK TABLES ... WRITE does until it is
    // unlocked. MySQL 9.7 Reference Manual, "The metadata_locks Table"; the instrument is on unless somebody switches it off.
    private static Task<List<ulong>> WritersAsync(
        LocalSession session,
        CancellationToken cancellationToken
    ) =>
        session.QueryAsync(
            $"""
            SELECT DISTINCT t.processlist_id
              FROM performance_schema.metadata_locks l
              JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
             WHERE l.object_type IN ('GLOBAL', 'COMMIT') AND l.lock_type = 'INTENTION_EXCLUSIVE' AND l.lock_status = 'GRANTED'
               AND t.name IN ('thread/sql/one_connection', 'thread/sql/event_worker')
               AND t.processlist_user <> '{Accounts.Platform}'
            """,
            reader => reader.GetUInt64(0),
            cancellationToken
        );

    private static async Task CutOffAsync(
        LocalSession session,
        List<ulong> clients,
        CancellationToken cancellationToken
    )
    {
        foreach (var client in clients)
        {
            try
            {
                await session.ExecuteAsync(
                    string.Create(CultureInfo.InvariantCulture, $"KILL {client}"),
                    cancellationToken
                );
            }
            catch (MySqlException failure) when (failure.ErrorCode == MySqlErrorCode.NoSuchThread)
            {
                // It has gone by itself.
            }
        }
    }
}
