using Dbaas.Engines.Members;

namespace Dbaas.Engines.MySql.Member;

/// <summary>Bounds the server's logs, turns writes away before the volume is full, and lets them in again once there is room.</summary>
internal sealed partial class MySqlMember
{
    private const string FullVolume =
        "The volume is nearly full, so the server is read-only. Raise storageGib; writes come back by themselves.";

    protected override Task TrimLogsAsync() =>
        _server.Runs && _server.Session is { } session
            ? LogBounds.KeepAsync(session, _paths, CancellationToken.None)
            : Task.CompletedTask;

    /// <summary>
    /// Sets what everybody's writes hang on; the group, too, makes a server writable. Only a primary is: a standby is read-only by its
    /// group's will.
    /// </summary>
    protected override async Task<bool> TellServerAsync(bool readOnly)
    {
        await Gate.WaitAsync();
        try
        {
            if (!_server.Runs || _server.Session is not { } session)
            {
                return false;
            }

            var primary = await session.QueryAsync(
                """
                SELECT @@GLOBAL.super_read_only
                  FROM performance_schema.replication_group_members
                 WHERE member_id = @@GLOBAL.server_uuid AND member_role = 'PRIMARY' AND member_state = 'ONLINE'
                """,
                reader => reader.GetInt64(0) == 1,
                CancellationToken.None
            );
            if (primary is not [var now] || now == readOnly)
            {
                return false;
            }

            if (!readOnly)
            {
                // Taking super_read_only away would leave read_only on.
                await session.ExecuteAsync("SET GLOBAL read_only = OFF", CancellationToken.None);
            }
            else if (!await WriteStop.HoldAsync(session, CancellationToken.None))
            {
                throw new MemberFailure(
                    "engine.failed",
                    "A statement that writes was cut off and is still being taken back."
                );
            }

            ObserveAnew();
            return true;
        }
        finally
        {
            Gate.Release();
        }
    }
}
