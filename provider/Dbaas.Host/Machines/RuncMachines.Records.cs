using System.Globalization;
using System.Net;
using Dbaas.Host.Containers;
using Dbaas.Host.State;
using Dbaas.Host.Volumes;
using Dbaas.Protocol.Agent;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Machines;

/// <content>Records of machines, and what containers are made from them.</content>
internal sealed partial class RuncMachines
{
    private Task<MachineRecord> DrawAsync(
        CreateMachineRequest request,
        VolumeRecord volume,
        CancellationToken cancellationToken
    )
    {
        if (request.Cpu <= 0 || request.MemoryBytes <= 0)
        {
            throw new HostRefusal(
                RefusalKind.Invalid,
                "machine.invalid_size",
                "A machine needs cpu and memory above zero."
            );
        }
        var owner = OwnerRecord.From(request.Owner);
        return networks.DrawAddressAsync(
            owner.TenantId,
            () => [.. List().Select(other => IPAddress.Parse(other.Address))],
            address =>
            {
                var record = New(request, owner, volume, address);
                records.Save(record.Id, record);
                return record;
            },
            cancellationToken
        );
    }

    private static MachineRecord New(
        CreateMachineRequest request,
        OwnerRecord owner,
        VolumeRecord volume,
        IPAddress address
    ) =>
        new()
        {
            Id = ObjectId.Check(request.MachineId),
            Owner = owner,
            ImageId = ObjectId.Check(request.ImageId),
            VolumeId = volume.Id,
            Cpu = request.Cpu,
            MemoryBytes = request.MemoryBytes,
            Iops = request.Iops,
            Engine = request.Engine,
            EngineVersion = request.EngineVersion,
            EnginePort = request.EnginePort,
            Address = address.ToString(),
            Uid = volume.Uid,
            Epoch = request.Epoch,
        };

    /// <summary>What is kept of a machine that was never here, so that a create from before the request does not make it.</summary>
    private MachineRecord Tombstone(MachineRequest request) =>
        new()
        {
            Id = ObjectId.Check(request.MachineId),
            Owner = new("", "", ""),
            ImageId = "",
            VolumeId = "",
            Cpu = 0,
            MemoryBytes = 0,
            Iops = 0,
            Engine = "",
            EngineVersion = "",
            EnginePort = 0,
            Address = "",
            Uid = 0,
            Epoch = request.Epoch,
            DestroyedAt = Now(),
        };

    private async Task<MachineRecord> WithImageAsync(
        MachineRecord record,
        string imageId,
        CancellationToken cancellationToken
    )
    {
        if (record.ImageId == imageId)
        {
            return record;
        }
        if ((await containers.GetAsync(record.Id, cancellationToken)).IsRunning)
        {
            throw Refuse(
                "machine.running",
                $"Machine {record.Id} runs from image {record.ImageId}; stop it before it gets another."
            );
        }
        // An ended container would be started again from the old image.
        await containers.DeleteAsync(record.Id, cancellationToken);
        record = record with { ImageId = ObjectId.Check(imageId) };
        records.Save(record.Id, record);
        return record;
    }

    private ContainerSpec Spec(MachineRecord record) =>
        new()
        {
            Name = record.Id,
            RootFolder = ImageRoot(record.ImageId),
            Command =
            [
                "/opt/dbaas/reaper/" + MachineFolder.Binary,
                "reaper",
                "/opt/dbaas/agent/" + MachineFolder.Binary,
            ],
            HostUid = record.Uid,
            HostName = "db",
            NetworkNamespace = names.NetworkNamespace(record.Id),
            Cpu = record.Cpu,
            MemoryBytes = record.MemoryBytes,
            Mounts =
            [
                new(volumes.DataFolder(record.VolumeId), "/data"),
                new(
                    folder.Run(record.Id),
                    Path.GetDirectoryName(AgentPaths.SocketPath)!,
                    NoExecute: true
                ),
                new(folder.Reaper(record.Id), "/opt/dbaas/reaper", ReadOnly: true),
                new(folder.Agent(record.Id), "/opt/dbaas/agent", ReadOnly: true),
            ],
        };

    private string ImageRoot(string imageId) =>
        Path.Combine(settings.ImageStore, ObjectId.Check(imageId), "rootfs");

    private MachineRecord Need(string id) =>
        Find(id) ?? throw NotFound("machine.not_found", $"There is no machine {id} on this host.");

    private MachineRecord Accept(MachineRecord record, ulong epoch)
    {
        var accepted = Epochs.Accept(epoch, record.Epoch, record.Id);
        if (accepted == record.Epoch)
        {
            return record;
        }
        record = record with { Epoch = accepted };
        records.Save(record.Id, record);
        return record;
    }

    private string Now() => time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);

    private static HostRefusal Refuse(string code, string message) =>
        new(RefusalKind.Forbidden, code, message);

    private static HostRefusal NotFound(string code, string message) =>
        new(RefusalKind.NotFound, code, message);
}
