using System.Globalization;
using MySqlConnector;

namespace Dbaas.Engines.MySql.Member;

/// <summary>
/// Ends writes before the server is told to stop. A member leaves its group first and asks its clients to go afterwards; a transaction
/// that waits for the group's decision at that moment never gets one, and the server gives up on it only after a minute (ADR 0146).
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
                await CutOffAsync(session, cancellationToken);
                await CloseAsync(session, cancellationToken);
            }
        }
        catch (MySqlException)
        {
            // A server that does not answer is stopped all the same.
        }
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

    private static async Task CutOffAsync(LocalSession session, CancellationToken cancellationToken)
    {
        var clients = await session.QueryAsync(
            $"""
            SELECT processlist_id FROM performance_schema.threads
             WHERE name = 'thread/sql/one_connection' AND processlist_user <> '{Accounts.Platform}'
            """,
            reader => reader.GetUInt64(0),
            cancellationToken
        );
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
