using Dbaas.Control.Instances.Rows;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>All rows of one instance.</summary>
internal sealed record InstanceParts(
    InstanceRow Instance,
    IReadOnlyList<MemberRow> Members,
    IReadOnlyList<MachineRow> Machines,
    IReadOnlyList<VolumeRow> Volumes,
    EndpointRow Endpoint
)
{
    /// <summary>Bytes of memory that each machine has, by the books.</summary>
    public long MemoryBytes => Machines.Max(machine => machine.MemoryBytes);

    /// <summary>The state with which an operation on it begins.</summary>
    public InstanceState ToState() =>
        new()
        {
            Instance = Instance.InstanceId,
            Region = Instance.Region,
            Epoch = (ulong)Instance.Epoch,
            Endpoint = Endpoint.EndpointId,
            ImageId = Instance.ImageId,
            ActualVersion = Instance.ActualVersion,
            MemoryBytesBefore = MemoryBytes,
            Members =
            [
                .. Members.Select(member =>
                {
                    var machine = Machines.Single(row => row.MemberId == member.MemberId);
                    return new MemberState
                    {
                        Member = member.MemberId,
                        Machine = machine.MachineId,
                        Volume = Volumes.Single(row => row.MemberId == member.MemberId).VolumeId,
                        Host = machine.HostId,
                        Address = machine.Address,
                    };
                }),
            ],
        };
}
