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

    public static Task<InstanceParts> PartsAsync(
        MetadataTransaction transaction,
        InstanceRow instance,
        CancellationToken cancellationToken
    ) => PartsAsync(transaction, instance.TenantId, instance.InstanceId, cancellationToken);

    private static async Task<InstanceParts> PartsAsync(
        MetadataTransaction transaction,
        TenantId tenant,
        InstanceId instance,
        CancellationToken cancellationToken
    ) =>
        await PartsAsync(
            transaction,
            transaction
                .Db.Set<InstanceRow>()
                .Where(row => row.TenantId == tenant && row.InstanceId == instance),
            cancellationToken
        ) ?? throw new InvalidOperationException($"There is no instance {instance}.");

    /// <summary>
    /// All rows of one instance in one query, because steps ask for them again and again and each trip to the database costs more than
    /// a member's rows written out for each of its machines. Null when there is no such instance.
    /// </summary>
    private static async Task<InstanceParts?> PartsAsync(
        MetadataTransaction transaction,
        IQueryable<InstanceRow> one,
        CancellationToken cancellationToken
    )
    {
        var db = transaction.Db;
        var found = await (
            from instance in one
            join e in db.Set<EndpointRow>().Where(row => row.DeletedAt == null)
                on new { instance.TenantId, instance.InstanceId } equals new
                {
                    e.TenantId,
                    e.InstanceId,
                }
                into endpoints
            from endpoint in endpoints.DefaultIfEmpty()
            join m in db.Set<MemberRow>().Where(row => row.DeletedAt == null)
                on new { instance.TenantId, instance.InstanceId } equals new
                {
                    m.TenantId,
                    m.InstanceId,
                }
                into members
            from member in members.DefaultIfEmpty()
            join a in db.Set<MachineRow>().Where(row => row.DeletedAt == null)
                on new { member.TenantId, member.MemberId } equals new { a.TenantId, a.MemberId }
                into machines
            from machine in machines.DefaultIfEmpty()
            join v in db.Set<VolumeRow>().Where(row => row.DeletedAt == null)
                on new { member.TenantId, member.MemberId } equals new { v.TenantId, v.MemberId }
                into volumes
            from volume in volumes.DefaultIfEmpty()
            orderby member.MemberId
            select new
            {
                instance,
                endpoint,
                member,
                machine,
                volume,
            }
        ).ToListAsync(cancellationToken);
        return found.Count == 0
            ? null
            : new InstanceParts(
                found[0].instance,
                Once(found.Select(row => row.member)),
                Once(found.Select(row => row.machine)),
                Once(found.Select(row => row.volume)),
                found.Select(row => row.endpoint).Distinct().Single()
                    ?? throw new InvalidOperationException(
                        $"Instance {found[0].instance.InstanceId} has no endpoint."
                    )
            );
    }

    /// <summary>A row that was joined to several others is one object, because the context tracks it.</summary>
    private static IReadOnlyList<T> Once<T>(IEnumerable<T?> rows)
        where T : class => [.. rows.OfType<T>().Distinct()];

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
        return await PartsAsync(transaction, tenant, instance, cancellationToken);
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
        return await LivingAsync(transaction, tenant, instance, cancellationToken);
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
        if (await LivingAsync(transaction, tenant, instance, cancellationToken) is not { } parts)
        {
            return;
        }

        await change(parts, transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    private static Task<InstanceParts?> LivingAsync(
        MetadataTransaction transaction,
        TenantId tenant,
        InstanceId instance,
        CancellationToken cancellationToken
    ) =>
        PartsAsync(
            transaction,
            transaction
                .Db.Set<InstanceRow>()
                .Where(row =>
                    row.TenantId == tenant && row.InstanceId == instance && row.DeletedAt == null
                ),
            cancellationToken
        );
}
