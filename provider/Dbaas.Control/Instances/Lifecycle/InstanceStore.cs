using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>Rows of instances; the tenant is in every key.</summary>
internal sealed class InstanceStore(ITenantTransactions tenants)
{
    /// <summary>By id, or by name when it is none; null when there is none or it is deleted.</summary>
    public static async Task<InstanceRow?> FindAsync(
        MetadataTransaction transaction,
        TenantId tenant,
        string idOrName,
        CancellationToken cancellationToken
    )
    {
        var rows = transaction
            .Db.Set<InstanceRow>()
            .Where(row => row.TenantId == tenant && row.DeletedAt == null);
        return TypedId.TryParse<InstanceId>(idOrName, out var id)
            ? await rows.SingleOrDefaultAsync(row => row.InstanceId == id, cancellationToken)
            : await rows.SingleOrDefaultAsync(row => row.Name == idOrName, cancellationToken);
    }

    public static async Task<InstanceParts> PartsAsync(
        MetadataTransaction transaction,
        InstanceRow instance,
        CancellationToken cancellationToken
    )
    {
        var id = instance.InstanceId;
        var tenant = instance.TenantId;
        return new InstanceParts(
            instance,
            await transaction
                .Db.Set<MemberRow>()
                .Where(row =>
                    row.TenantId == tenant && row.InstanceId == id && row.DeletedAt == null
                )
                .OrderBy(row => row.MemberId)
                .ToListAsync(cancellationToken),
            await transaction
                .Db.Set<MachineRow>()
                .Where(row =>
                    row.TenantId == tenant && row.InstanceId == id && row.DeletedAt == null
                )
                .ToListAsync(cancellationToken),
            await transaction
                .Db.Set<VolumeRow>()
                .Where(row =>
                    row.TenantId == tenant && row.InstanceId == id && row.DeletedAt == null
                )
                .ToListAsync(cancellationToken),
            await transaction
                .Db.Set<EndpointRow>()
                .SingleAsync(
                    row => row.TenantId == tenant && row.InstanceId == id && row.DeletedAt == null,
                    cancellationToken
                )
        );
    }

    /// <summary>All rows of many instances, also of several tenants, in four queries however many they are.</summary>
    public static async Task<IReadOnlyList<InstanceParts>> PartsAsync(
        PlatformTransaction transaction,
        IReadOnlyList<InstanceRow> instances,
        CancellationToken cancellationToken
    )
    {
        var ids = instances.Select(row => row.InstanceId).ToArray();
        var members = (
            await transaction
                .Db.Set<MemberRow>()
                .AsNoTracking()
                .Where(row => ids.Contains(row.InstanceId) && row.DeletedAt == null)
                .OrderBy(row => row.MemberId)
                .ToListAsync(cancellationToken)
        ).ToLookup(row => row.InstanceId);
        var machines = (
            await transaction
                .Db.Set<MachineRow>()
                .AsNoTracking()
                .Where(row => ids.Contains(row.InstanceId) && row.DeletedAt == null)
                .ToListAsync(cancellationToken)
        ).ToLookup(row => row.InstanceId);
        var volumes = (
            await transaction
                .Db.Set<VolumeRow>()
                .AsNoTracking()
                .Where(row => ids.Contains(row.InstanceId) && row.DeletedAt == null)
                .ToListAsync(cancellationToken)
        ).ToLookup(row => row.InstanceId);
        var endpoints = await transaction
            .Db.Set<EndpointRow>()
            .AsNoTracking()
            .Where(row => ids.Contains(row.InstanceId) && row.DeletedAt == null)
            .ToDictionaryAsync(row => row.InstanceId, cancellationToken);
        return
        [
            .. instances
                .Where(row => endpoints.ContainsKey(row.InstanceId))
                .Select(row => new InstanceParts(
                    row,
                    [.. members[row.InstanceId]],
                    [.. machines[row.InstanceId]],
                    [.. volumes[row.InstanceId]],
                    endpoints[row.InstanceId]
                )),
        ];
    }

    public async Task<InstanceParts> ReadAsync(
        TenantId tenant,
        InstanceId instance,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        var row = await transaction
            .Db.Set<InstanceRow>()
            .SingleAsync(r => r.TenantId == tenant && r.InstanceId == instance, cancellationToken);
        return await PartsAsync(transaction, row, cancellationToken);
    }

    /// <summary>Whether the instance is there, and the operation it names: null when none works on it.</summary>
    public async Task<(bool Exists, string? Operation)> OwnerAsync(
        TenantId tenant,
        InstanceId instance,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        var found = await transaction
            .Db.Set<InstanceRow>()
            .AsNoTracking()
            .Where(row =>
                row.TenantId == tenant && row.InstanceId == instance && row.DeletedAt == null
            )
            .Select(row => new { row.OperationId })
            .SingleOrDefaultAsync(cancellationToken);
        return (found is not null, found?.OperationId);
    }

    /// <summary>Null when it is deleted already.</summary>
    public async Task<InstanceParts?> FindPartsAsync(
        TenantId tenant,
        InstanceId instance,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        var row = await transaction
            .Db.Set<InstanceRow>()
            .SingleOrDefaultAsync(
                r => r.TenantId == tenant && r.InstanceId == instance && r.DeletedAt == null,
                cancellationToken
            );
        return row is null ? null : await PartsAsync(transaction, row, cancellationToken);
    }

    /// <summary>Changes rows of one instance in one transaction; does nothing when it is deleted already.</summary>
    public async Task ChangeAsync(
        TenantId tenant,
        InstanceId instance,
        Func<InstanceParts, TenantTransaction, Task> change,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        var row = await transaction
            .Db.Set<InstanceRow>()
            .SingleOrDefaultAsync(
                r => r.TenantId == tenant && r.InstanceId == instance && r.DeletedAt == null,
                cancellationToken
            );
        if (row is null)
        {
            return;
        }

        await change(await PartsAsync(transaction, row, cancellationToken), transaction);
        await transaction.CommitAsync(cancellationToken);
    }
}
