using Dbaas.Protocol.Host;

namespace Dbaas.Host.State;

/// <summary>Who a machine, volume or network belongs to, as state files keep it.</summary>
internal sealed record OwnerRecord(string TenantId, string InstanceId, string MemberId)
{
    public static OwnerRecord From(Owner? owner) =>
        owner is { TenantId.Length: > 0 }
            ? new(ObjectId.Check(owner.TenantId), owner.InstanceId, owner.MemberId)
            : throw new HostRefusal(
                RefusalKind.Invalid,
                "host.owner_missing",
                "The request names no owner."
            );

    public Owner ToMessage() =>
        new()
        {
            TenantId = TenantId,
            InstanceId = InstanceId,
            MemberId = MemberId,
        };
}
