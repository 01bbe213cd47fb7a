namespace Dbaas.Engines.MySql.Member;

/// <summary>Turns writes away before the volume is full, and lets them in again once there is room.</summary>
internal sealed partial class MySqlMember
{
    private const string FullVolume =
        "The volume is nearly full, so the server is read-only. Raise storageGib; writes come back by themselves.";

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

            // Taking super_read_only away leaves read_only on.
            await session.ExecuteAsync(
                readOnly ? "SET GLOBAL super_read_only = ON" : "SET GLOBAL read_only = OFF",
                CancellationToken.None
            );
            ObserveAnew();
            return true;
        }
        finally
        {
            Gate.Release();
        }
    }
}
