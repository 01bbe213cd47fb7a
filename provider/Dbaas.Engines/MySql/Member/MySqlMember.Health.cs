using Dbaas.Engines.Members;
using MySqlConnector;

namespace Dbaas.Engines.MySql.Member;

/// <summary>What the server says about itself.</summary>
internal sealed partial class MySqlMember
{
    private volatile bool _online;

    protected override bool IsManaged => _online;

    protected override bool IsOfTheServer(Exception failure) => failure is MySqlException;

    protected override bool IsCutOff(Exception failure) => MySqlClient.IsCutOff(failure);

    protected override async Task<Observation?> ObserveAsync(CancellationToken cancellationToken)
    {
        if (_server.Session is not { } session)
        {
            return null;
        }

        var rows = await session.QueryAsync(
            """
            SELECT SUBSTRING_INDEX(@@GLOBAL.version, '-', 1), COALESCE(m.member_role, ''),
                   @@GLOBAL.super_read_only = 0 AND @@GLOBAL.offline_mode = 0, @@GLOBAL.gtid_executed,
                   COALESCE(m.member_state = 'ONLINE', 0)
              FROM (SELECT 1) one
              LEFT JOIN performance_schema.replication_group_members m ON m.member_id = @@GLOBAL.server_uuid
            """,
            reader =>
                (
                    Seen: new Observation(
                        reader.GetString(0),
                        reader.GetString(1) == "PRIMARY" ? "primary" : "standby",
                        reader.GetInt64(2) == 1,
                        reader.GetString(3).Replace("\n", "", StringComparison.Ordinal),
                        Spec is { } spec ? Pending(OptionFile.Of(spec, _paths)) : []
                    ),
                    Online: reader.GetInt64(4) == 1
                ),
            cancellationToken
        );
        (var seen, _online) = rows[0];
        if (!_online)
        {
            _ = RejoinAsync();
        }

        return seen;
    }
}
