using System.Globalization;
using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;
using MySqlConnector;

namespace Dbaas.Engines.MySql.Member;

/// <summary>
/// The group of one member. The server starts read-only and takes writes once the group has made it primary, so it never takes any
/// outside the group.
/// </summary>
internal sealed class GroupReplication(LocalSession session, TimeProvider time)
{
    private static readonly TimeSpan WritableLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    // ER_GROUP_REPLICATION_COMMAND_FAILURE: the plug-in is still busy with what the server's own start asked of it.
    private const int Busy = 3663;
    private static readonly TimeSpan BusyLimit = TimeSpan.FromSeconds(10);
    private Task _started = Task.CompletedTask;

    /// <summary>The start statement, which goes on for a second after the server takes writes; never fails.</summary>
    public Task Started => _started;

    /// <summary>Starts the group unless it runs, and waits until writes are accepted.</summary>
    /// <exception cref="MemberFailure">The group does not start, or the server stays read-only.</exception>
    public async Task StartAsync(MemberSpec spec, CancellationToken cancellationToken)
    {
        await _started;
        if (await WritableAsync(cancellationToken) && await OnlineAsync(cancellationToken))
        {
            return;
        }

        var started = time.GetTimestamp();
        var start = FormAsync(spec.Secrets.ReplicationPassword);
        _started = start.ContinueWith(
            _ => { },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
        while (!await WritableAsync(cancellationToken))
        {
            if (start.IsFaulted)
            {
                throw new MemberFailure(
                    "engine.group_failed",
                    $"Group replication does not start: {start.Exception!.InnerException!.Message}",
                    start.Exception
                );
            }

            if (time.GetElapsedTime(started) > WritableLimit)
            {
                throw new MemberFailure(
                    "engine.read_only",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The engine answers but takes no writes after {WritableLimit.TotalSeconds:0} s; its group has no primary."
                    )
                );
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    // The only member of its group starts the group. The mark is taken back, because a second start with it would make a second
    // group once there are more members. Credentials by statement stay in memory and are masked in the server's logs.
    private async Task FormAsync(string password)
    {
        await WhenFreeAsync("STOP GROUP_REPLICATION");
        await session.ExecuteAsync(
            "SET GLOBAL group_replication_bootstrap_group = ON",
            CancellationToken.None
        );
        try
        {
            await WhenFreeAsync(
                $"START GROUP_REPLICATION USER = '{Accounts.Replication}', PASSWORD = {SqlText.Plain(password)}"
            );
        }
        finally
        {
            await session.ExecuteAsync(
                "SET GLOBAL group_replication_bootstrap_group = OFF",
                CancellationToken.None
            );
        }
    }

    private async Task WhenFreeAsync(string statement)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await session.ExecuteAsync(statement, CancellationToken.None, 120);
                return;
            }
            catch (MySqlException failure)
                when (failure.Number == Busy && time.GetElapsedTime(started) < BusyLimit)
            {
                await Task.Delay(Poll, time);
            }
        }
    }

    private async Task<bool> WritableAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (
                await session.QueryAsync(
                    "SELECT @@GLOBAL.super_read_only",
                    reader => !reader.GetBoolean(0),
                    cancellationToken
                )
            )[0];
        }
        catch (MySqlException failure) when (failure.IsTransient)
        {
            return false;
        }
    }

    private async Task<bool> OnlineAsync(CancellationToken cancellationToken) =>
        (
            await session.QueryAsync(
                "SELECT member_state FROM performance_schema.replication_group_members WHERE member_id = @@GLOBAL.server_uuid",
                reader => reader.GetString(0),
                cancellationToken
            )
        )
            is ["ONLINE"];
}
