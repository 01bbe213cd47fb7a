using Dbaas.Control.Instances;
using Npgsql;

namespace Dbaas.Control.Usage;

/// <summary>What an instance used since it was made, in unit hours; a stopped one uses its storage only.</summary>
internal sealed record UsageTotals(
    decimal CpuHours,
    decimal MemoryGibHours,
    decimal StorageGibHours
)
{
    public static UsageTotals None { get; } = new(0, 0, 0);

    /// <summary>At today's prices: what an instance costs is compared with what it would cost otherwise, and that is known for today.</summary>
    public decimal At(PriceList price) =>
        decimal.Round(
            CpuHours * price.CpuHour
                + MemoryGibHours * price.MemoryGibHour
                + StorageGibHours * price.StorageGibHour,
            2
        );

    /// <summary>Asks for all that are selected; one that never used anything is not in the answer.</summary>
    public static NpgsqlBatchCommand Query(InstanceSelection instances, DateTimeOffset now) =>
        instances.Query(
            $"""
            SELECT instance_id,
                   coalesce(sum(hours * cpu) FILTER (WHERE running), 0)::numeric,
                   coalesce(sum(hours * memory_gib) FILTER (WHERE running), 0)::numeric,
                   coalesce(sum(hours * storage_gib), 0)::numeric
            FROM (SELECT *, extract(epoch FROM greatest(coalesce(ended_at, {instances.Next}), started_at) - started_at)::double precision
                              / 3600 AS hours
                  FROM usage_interval WHERE tenant_id = {InstanceSelection.Tenant} AND instance_id = ANY ({instances.Ids})) AS used
            GROUP BY instance_id
            """,
            now
        );

    /// <summary>The answer to <see cref="Query"/>, by instance.</summary>
    public static async Task<IReadOnlyDictionary<string, UsageTotals>> ReadAsync(
        NpgsqlDataReader reader,
        CancellationToken cancellationToken
    )
    {
        var totals = new Dictionary<string, UsageTotals>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            totals[reader.GetString(0)] = new UsageTotals(
                reader.GetDecimal(1),
                reader.GetDecimal(2),
                reader.GetDecimal(3)
            );
        }

        return totals;
    }
}
