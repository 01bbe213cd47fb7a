using Dbaas.Client.Instances;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Pki;
using Dbaas.Control.Usage;
using Npgsql;

namespace Dbaas.Control.Instances;

/// <summary>
/// Instances as users see them, from the database in one trip, a page as well as a single one: what belongs to the rows is read for all
/// of them at once, and nothing waits for the answer to something else.
/// </summary>
internal sealed class InstanceViews(
    ITenantTransactions tenants,
    PriceBook prices,
    IAuthorities authorities,
    TimeProvider time
)
{
    /// <returns>Each with its version (ETag), in the order of the selection.</returns>
    public async Task<IReadOnlyList<(InstanceView View, long Version)>> ReadAsync(
        TenantId tenant,
        InstanceSelection selection,
        CancellationToken cancellationToken
    )
    {
        await using var reading = await tenants.ReadAsync(
            tenant,
            [
                InstanceReading.Query(selection),
                selection.Query(
                    $"""
                    SELECT instance_id, member_id, role, status, actual_version, region FROM member
                    WHERE tenant_id = {InstanceSelection.Tenant} AND instance_id = ANY ({selection.Ids}) AND deleted_at IS NULL
                    ORDER BY member_id
                    """
                ),
                selection.Query(
                    $"""
                    SELECT instance_id, host_name, port FROM endpoint
                    WHERE tenant_id = {InstanceSelection.Tenant} AND instance_id = ANY ({selection.Ids}) AND deleted_at IS NULL
                    """
                ),
                UsageTotals.Query(selection, time.GetUtcNow()),
                PriceBook.Query(selection),
            ],
            cancellationToken
        );
        var rows = reading.Rows;
        await reading.NextAsync(cancellationToken);
        var instances = await InstanceReading.ReadAsync(rows, cancellationToken);
        await reading.NextAsync(cancellationToken);
        var members = await MembersAsync(rows, cancellationToken);
        await reading.NextAsync(cancellationToken);
        var endpoints = await EndpointsAsync(rows, cancellationToken);
        await reading.NextAsync(cancellationToken);
        var used = await UsageTotals.ReadAsync(rows, cancellationToken);
        await reading.NextAsync(cancellationToken);
        var priced = await prices.ReadAsync(
            rows,
            instances.Select(row => row.Region).ToHashSet(StringComparer.Ordinal),
            cancellationToken
        );
        return
        [
            .. instances.Select(row =>
                (
                    ViewOf(
                        row,
                        members[row.Id],
                        endpoints[row.Id],
                        priced[row.Region],
                        used.GetValueOrDefault(row.Id, UsageTotals.None)
                    ),
                    row.Version
                )
            ),
        ];
    }

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
        InstanceReading row,
        IEnumerable<MemberView> members,
        EndpointView endpoint,
        PriceList price,
        UsageTotals used
    )
    {
        var spec = row.Spec;
        return new InstanceView
        {
            Id = row.Id,
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
