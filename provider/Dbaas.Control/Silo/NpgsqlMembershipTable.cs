using System.Globalization;
using System.Net;
using System.Text.Json;
using Dbaas.Control.Metadata;
using Npgsql;

namespace Dbaas.Control.Silo;

/// <summary>
/// Orleans membership in the metadata database. One version row a cluster; insert and update are one statement guarded by it, so two
/// silos never both win. <see cref="UpdateIAmAlive"/> changes its column alone, never the version.
/// </summary>
/// <param name="own">Where this process listens. Only it can: whoever stands in the table with this endpoint is over.</param>
internal sealed partial class NpgsqlMembershipTable(
    MetadataConnections connections,
    string deployment,
    IPEndPoint own,
    ILogger<NpgsqlMembershipTable> logger
) : IMembershipTable
{
    private const string Columns =
        "m.address, m.port, m.generation, m.silo_name, m.host_name, m.role_name, m.status, m.proxy_port, m.update_zone, m.fault_zone, m.suspect_times, m.start_time, m.i_am_alive_time, m.etag, v.version";

    public async Task InitializeMembershipTable(bool tryInitTableVersion)
    {
        if (tryInitTableVersion)
        {
            await ExecuteAsync(
                "INSERT INTO orleans_membership_version (deployment_id, version, updated_at) VALUES ($1, 0, now()) ON CONFLICT DO NOTHING",
                new NpgsqlParameter { Value = deployment }
            );
        }

        await ForgetTheFutureAsync();
    }

    /// <summary>
    /// Generations are seconds since a fixed day. After the clock was set back, a silo would take the row of its own last life for a
    /// successor, call itself dead and end, again and again until the clock has caught up.
    /// </summary>
    private async Task ForgetTheFutureAsync()
    {
        var forgotten = await ExecuteAsync(
            """
            WITH gone AS (
              DELETE FROM orleans_membership
              WHERE deployment_id = $1 AND address = $2 AND port = $3 AND generation > $4 RETURNING 1)
            UPDATE orleans_membership_version SET version = version + 1, updated_at = now()
            WHERE deployment_id = $1 AND EXISTS (SELECT 1 FROM gone)
            """,
            [
                new() { Value = deployment },
                .. Key(SiloAddress.New(own, SiloAddress.AllocateNewGeneration())),
            ]
        );
        if (forgotten > 0)
        {
            LogForgotten(own);
        }
    }

    public Task DeleteMembershipTableEntries(string clusterId) =>
        ExecuteAsync(
            "DELETE FROM orleans_membership_version WHERE deployment_id = $1",
            new NpgsqlParameter { Value = clusterId }
        );

    public Task<MembershipTableData> ReadRow(SiloAddress key) =>
        ReadAsync(
            "AND m.address = $2 AND m.port = $3 AND m.generation = $4",
            new NpgsqlParameter { Value = key.Endpoint.Address.ToString() },
            new NpgsqlParameter { Value = key.Endpoint.Port },
            new NpgsqlParameter { Value = key.Generation }
        );

    public Task<MembershipTableData> ReadAll() => ReadAsync("");

    public async Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        try
        {
            return await ExecuteAsync(
                    """
                    WITH moved AS (
                      UPDATE orleans_membership_version SET version = $2, updated_at = now()
                      WHERE deployment_id = $1 AND version = $3 RETURNING 1)
                    INSERT INTO orleans_membership (deployment_id, address, port, generation, silo_name, host_name, role_name, status,
                      proxy_port, update_zone, fault_zone, suspect_times, start_time, i_am_alive_time)
                    SELECT $1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb, $15, $16 FROM moved
                    """,
                    [
                        new() { Value = deployment },
                        new() { Value = tableVersion.Version },
                        new()
                        {
                            Value = int.Parse(
                                tableVersion.VersionEtag,
                                CultureInfo.InvariantCulture
                            ),
                        },
                        .. Key(entry.SiloAddress),
                        new() { Value = entry.SiloName ?? "" },
                        new() { Value = entry.HostName ?? "" },
                        new() { Value = entry.RoleName ?? "" },
                        new() { Value = (int)entry.Status },
                        new() { Value = entry.ProxyPort },
                        new() { Value = entry.UpdateZone },
                        new() { Value = entry.FaultZone },
                        new() { Value = Suspects(entry) },
                        new() { Value = Utc(entry.StartTime) },
                        new() { Value = Utc(entry.IAmAliveTime) },
                    ]
                ) == 1;
        }
        catch (PostgresException exception)
            when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false; // this silo is in the table already
        }
    }

    public async Task<bool> UpdateRow(
        MembershipEntry entry,
        string etag,
        TableVersion tableVersion
    ) =>
        await ExecuteAsync(
            """
            WITH moved AS (
              UPDATE orleans_membership_version v SET version = $2, updated_at = now()
              WHERE deployment_id = $1 AND version = $3
                AND EXISTS (SELECT FROM orleans_membership m WHERE m.deployment_id = $1 AND m.address = $4 AND m.port = $5
                  AND m.generation = $6 AND m.etag = $7)
              RETURNING 1)
            UPDATE orleans_membership SET status = $8, suspect_times = $9::jsonb, i_am_alive_time = $10, etag = etag + 1
            FROM moved
            WHERE deployment_id = $1 AND address = $4 AND port = $5 AND generation = $6 AND etag = $7
            """,
            [
                new() { Value = deployment },
                new() { Value = tableVersion.Version },
                new() { Value = int.Parse(tableVersion.VersionEtag, CultureInfo.InvariantCulture) },
                .. Key(entry.SiloAddress),
                new() { Value = long.Parse(etag, CultureInfo.InvariantCulture) },
                new() { Value = (int)entry.Status },
                new() { Value = Suspects(entry) },
                new() { Value = Utc(entry.IAmAliveTime) },
            ]
        ) == 1;

    public Task UpdateIAmAlive(MembershipEntry entry) =>
        ExecuteAsync(
            """
            UPDATE orleans_membership SET i_am_alive_time = $5
            WHERE deployment_id = $1 AND address = $2 AND port = $3 AND generation = $4
            """,
            [
                new() { Value = deployment },
                .. Key(entry.SiloAddress),
                new() { Value = Utc(entry.IAmAliveTime) },
            ]
        );

    /// <summary>Removes the dead, judged by their last sign of life; the living are never touched.</summary>
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        ExecuteAsync(
            """
            DELETE FROM orleans_membership
            WHERE deployment_id = $1 AND status = $2 AND greatest(i_am_alive_time, start_time,
              (SELECT max((s ->> 'at')::timestamptz) FROM jsonb_array_elements(suspect_times) s)) < $3
            """,
            new NpgsqlParameter { Value = deployment },
            new NpgsqlParameter { Value = (int)SiloStatus.Dead },
            new NpgsqlParameter { Value = beforeDate.ToUniversalTime() }
        );

    private async Task<MembershipTableData> ReadAsync(
        string filter,
        params NpgsqlParameter[] parameters
    )
    {
        await using var connection = await connections.Platform.OpenConnectionAsync();
        // One statement is one snapshot: version and rows belong together.
#pragma warning disable CA2100 // the text is made of constants
        await using var command = new NpgsqlCommand(
            $"SELECT {Columns} FROM orleans_membership_version v LEFT JOIN orleans_membership m ON m.deployment_id = v.deployment_id {filter} WHERE v.deployment_id = $1",
            connection
        );
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter { Value = deployment });
        command.Parameters.AddRange(parameters);
        var rows = new List<Tuple<MembershipEntry, string>>();
        var version = 0;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            version = reader.GetInt32(14);
            if (!reader.IsDBNull(0))
            {
                rows.Add(
                    Tuple.Create(
                        EntryOf(reader),
                        reader.GetInt64(13).ToString(CultureInfo.InvariantCulture)
                    )
                );
            }
        }

        return new MembershipTableData(
            rows,
            new TableVersion(version, version.ToString(CultureInfo.InvariantCulture))
        );
    }

    private static MembershipEntry EntryOf(NpgsqlDataReader reader)
    {
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(
                IPAddress.Parse(reader.GetString(0)),
                reader.GetInt32(1),
                reader.GetInt32(2)
            ),
            SiloName = reader.GetString(3),
            HostName = reader.GetString(4),
            RoleName = reader.GetString(5),
            Status = (SiloStatus)reader.GetInt32(6),
            ProxyPort = reader.GetInt32(7),
            UpdateZone = reader.GetInt32(8),
            FaultZone = reader.GetInt32(9),
            StartTime = reader.GetDateTime(11),
            IAmAliveTime = reader.GetDateTime(12),
        };
        using var suspects = JsonDocument.Parse(reader.GetString(10));
        foreach (var suspect in suspects.RootElement.EnumerateArray())
        {
            entry.AddSuspector(
                SiloAddress.FromParsableString(suspect.GetProperty("silo").GetString()!),
                suspect.GetProperty("at").GetDateTime().ToUniversalTime()
            );
        }

        return entry;
    }

    private static string Suspects(MembershipEntry entry) =>
        new System.Text.Json.Nodes.JsonArray([
            .. (entry.SuspectTimes ?? []).Select(suspect =>
                (System.Text.Json.Nodes.JsonNode)
                    new System.Text.Json.Nodes.JsonObject
                    {
                        ["silo"] = suspect.Item1.ToParsableString(),
                        ["at"] = Utc(suspect.Item2).ToString("O", CultureInfo.InvariantCulture),
                    }
            ),
        ]).ToJsonString();

    private static NpgsqlParameter[] Key(SiloAddress silo) =>
        [
            new() { Value = silo.Endpoint.Address.ToString() },
            new() { Value = silo.Endpoint.Port },
            new() { Value = silo.Generation },
        ];

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);

    private async Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var connection = await connections.Platform.OpenConnectionAsync();
#pragma warning disable CA2100 // the text is a constant of the caller
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync();
    }

    [LoggerMessage(
        3107,
        LogLevel.Warning,
        "This clock was set back: {Endpoint} has been a member of the cluster later than now; that life is forgotten"
    )]
    private partial void LogForgotten(IPEndPoint endpoint);
}
