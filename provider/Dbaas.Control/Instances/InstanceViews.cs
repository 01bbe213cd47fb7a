using Dbaas.Client.Instances;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
using Dbaas.Control.Pki;
using Dbaas.Control.Usage;
using Npgsql;

namespace Dbaas.Control.Instances;

/// <summary>
/// Turns rows into what users see. A page costs one trip to the database, as a single instance does: what belongs to the rows is read for
/// all of them at once.
/// </summary>
internal sealed class InstanceViews(PriceBook prices, IAuthorities authorities, TimeProvider time)
{
    private const string Members = """
        SELECT instance_id, member_id, role, status, actual_version, region FROM member
        WHERE tenant_id = $1 AND instance_id = ANY ($2) AND deleted_at IS NULL ORDER BY member_id
        """;

    private const string Endpoints = """
        SELECT instance_id, host_name, port FROM endpoint
        WHERE tenant_id = $1 AND instance_id = ANY ($2) AND deleted_at IS NULL
        """;

    /// <param name="transaction">The transaction the rows were read in.</param>
    /// <param name="tenant">Whose rows they are.</param>
    /// <param name="rows">Rows of that tenant alone.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>One view a row, in the same order.</returns>
    public async Task<IReadOnlyList<InstanceView>> OfAsync(
        MetadataTransaction transaction,
        TenantId tenant,
        IReadOnlyList<InstanceRow> rows,
        CancellationToken cancellationToken
    )
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var ids = rows.Select(row => row.InstanceId.ToString()).ToArray();
        var regions = rows.Select(row => row.Region).ToHashSet(StringComparer.Ordinal);
        await using var batch = transaction.Batch(
            Query(Members, tenant, ids),
            Query(Endpoints, tenant, ids),
            UsageTotals.Query(tenant, ids, time.GetUtcNow()),
            PriceBook.Query(regions)
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var members = await MembersAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var endpoints = await EndpointsAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var used = await UsageTotals.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var priced = await prices.ReadAsync(reader, regions, cancellationToken);
        return
        [
            .. rows.Zip(
                ids,
                (row, id) =>
                    ViewOf(
                        row,
                        members[id],
                        endpoints[id],
                        priced[row.Region],
                        used.GetValueOrDefault(id, UsageTotals.None)
                    )
            ),
        ];
    }

    private static NpgsqlBatchCommand Query(string sql, TenantId tenant, string[] ids) =>
        new(sql)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = tenant.ToString() },
                new NpgsqlParameter { Value = ids },
            },
        };

    private static async Task<ILookup<string, MemberView>> MembersAsync(
        NpgsqlDataReader reader,
        CancellationToken cancellationToken
    )
    {
        List<(string Instance, MemberView View)> members = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            members.Add(
                (
                    reader.GetString(0),
                    new MemberView(
                        reader.GetString(1),
                        reader.GetString(2),
                        reader.GetString(3),
                        reader.GetString(4),
                        reader.GetString(5)
                    )
                )
            );
        }

        return members.ToLookup(member => member.Instance, member => member.View);
    }

    private static async Task<IReadOnlyDictionary<string, EndpointView>> EndpointsAsync(
        NpgsqlDataReader reader,
        CancellationToken cancellationToken
    )
    {
        var endpoints = new Dictionary<string, EndpointView>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            endpoints[reader.GetString(0)] = new EndpointView(
                reader.GetString(1),
                reader.GetInt32(2)
            );
        }

        return endpoints;
    }

    private InstanceView ViewOf(
        InstanceRow row,
        IEnumerable<MemberView> members,
        EndpointView endpoint,
        PriceList price,
        UsageTotals used
    )
    {
        var spec = row.Spec;
        return new InstanceView
        {
            Id = row.InstanceId.ToString(),
            Name = row.Name,
            Engine = row.Engine,
            EngineVersion = spec.EngineVersion,
            Region = row.Region,
            Cpu = spec.Cpu,
            MemoryGib = spec.MemoryGib,
            StorageGib = spec.StorageGib,
            KmsKeyId = spec.KmsKeyId,
            AllowedCidrs = spec.AllowedCidrs,
            Parameters = spec.Parameters,
            Databases = spec.Databases,
            MaintenanceWindow = spec.MaintenanceWindow,
            ChangePolicy = spec.ChangePolicy,
            DeletionProtection = spec.DeletionProtection,
            Tags = spec.Tags,
            Endpoint = endpoint,
            CaCertificate = authorities.EndpointPem,
            Status = row.Status,
            StatusReason = row.StatusReason.Length > 0 ? row.StatusReason : null,
            Members = [.. members],
            ActualVersion = row.ActualVersion,
            ActualStorageGib = row.ActualStorageGib,
            PendingChanges = [.. row.Pending.Select(change => change.ToView())],
            MonthlyCostEstimate = price.Month(
                spec.Cpu,
                spec.MemoryGib,
                spec.StorageGib,
                row.ShouldRun
            ),
            CostSoFar = new CostEstimateView(used.At(price), price.Currency),
            CreatedAt = row.CreatedAt,
            OperationId = row.OperationId,
            Acknowledged = row.Acknowledged,
        };
    }
}
