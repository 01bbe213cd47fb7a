using Dbaas.Control.Ids;
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

    /// <summary>Asks for several instances at once; one that never used anything is not in the answer.</summary>
    public static NpgsqlBatchCommand Query(
        TenantId tenant,
        string[] instances,
        DateTimeOffset now
    ) =>
        new(
            """
            SELECT instance_id,
                   coalesce(sum(hours * cpu) FILTER (WHERE running), 0)::numeric,
                   coalesce(sum(hours * memory_gib) FILTER (WHERE running), 0)::numeric,
                   coalesce(sum(hours * storage_gib), 0)::numeric
            FROM (SELECT *, extract(epoch FROM greatest(coalesce(ended_at, $3), started_at) - started_at)::double precision / 3600 AS hours
                  FROM usage_interval WHERE tenant_id = $1 AND instance_id = ANY ($2)) AS used
            GROUP BY instance_id
            """
        )
        {
            Parameters =
            {
                new() { Value = tenant.ToString() },
                new() { Value = instances },
                new() { Value = now },
            },
        };

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
