using Dbaas.Client.Planning;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Metadata;
using Dbaas.Engines;
using Npgsql;

namespace Dbaas.Control.Planning;

/// <summary>
/// How long writes will be refused: the median of what this platform has measured, else the engine's bench figure. A restart of the
/// engine and a stop and start of its machine have histories of their own: the second takes several times as long.
/// </summary>
internal sealed class OutageForecaster
{
    /// <summary>Below this many measurements the bench knows better.</summary>
    private const int Enough = 3;

#pragma warning disable CA1822 // a collaborator of the planner, replaced in tests
    public async Task<OutageForecast> ForecastAsync(
        MetadataTransaction transaction,
        IDatabaseEngine engine,
        EngineChange change,
        CancellationToken cancellationToken
    )
#pragma warning restore CA1822
    {
        await using var command = transaction.Command(
            """
            SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM (
              SELECT (o.memory ->> 'writeOutageSeconds')::float8 AS seconds FROM operation o JOIN instance i ON i.instance_id = o.resource_id
              WHERE o.kind = ANY ($1) AND o.state = 'succeeded' AND i.engine = $2
                AND (o.memory ->> 'writeOutageSeconds')::float8 > 0
                AND ((o.memory ->> 'stoppedToGrowAt') IS NOT NULL) = $3
              ORDER BY o.operation_id DESC LIMIT 50) recent
            """,
            new NpgsqlParameter { Value = (string[])[InstanceKinds.Restart, InstanceKinds.Update] },
            new NpgsqlParameter { Value = engine.Name },
            new NpgsqlParameter { Value = change is EngineChange.StopStart }
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt64(0) >= Enough
            ? new OutageForecast(Math.Round(reader.GetDouble(1), 2), "measured")
            : new OutageForecast(engine.BenchOutageSeconds(change), "bench");
    }
}
