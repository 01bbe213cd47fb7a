using System.Net;
using Dbaas.Host.Configuration;
using Dbaas.Host.Containers;
using Dbaas.Host.Networks;
using Dbaas.Host.State;
using Dbaas.Host.Volumes;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Machines;

/// <summary>
/// Machines: a container on an encrypted volume in the tenant's network. Every call is an ensure; after a crash of the daemon anywhere
/// the next call goes on from what the kernel has. Callers serialise per machine.
/// </summary>
internal sealed partial class RuncMachines(
    IContainers containers,
    EncryptedVolumes volumes,
    TenantNetworks networks,
    MachineFolder folder,
    AgentSocket agent,
    IoLimits limits,
    Cgroups cgroups,
    KernelNames names,
    HostSettings settings,
    StateFolder<MachineRecord> records,
    TimeProvider time,
    ILogger<RuncMachines> logger
)
{
    private readonly FenceCalls fences = new();

    public MachineRecord? Find(string id) =>
        records.Load(id) is { DestroyedAt.Length: 0 } record ? record : null;

    public IReadOnlyList<MachineRecord> List() =>
        [.. records.List().Where(record => record.DestroyedAt.Length == 0)];

    /// <summary>
    /// Makes folder and network; nothing runs yet. A machine that is there and does not run gets the image named: its root is made from
    /// it anew at every start, while address, size and volume stay.
    /// </summary>
    public async Task CreateAsync(CreateMachineRequest request, CancellationToken cancellationToken)
    {
        var stored = records.Load(request.MachineId);
        if (stored is { DestroyedAt.Length: > 0 })
        {
            Epochs.Accept(request.Epoch, stored.Epoch, stored.Id); // whoever comes late is told so
            if (!stored.FencedOnly)
            {
                throw Refuse("machine.destroyed", $"Machine {request.MachineId} was destroyed.");
            }
            stored = null; // there never was one
        }
        var volume =
            volumes.Find(request.VolumeId)
            ?? throw NotFound("volume.not_found", $"There is no volume {request.VolumeId}.");
        if (!Directory.Exists(ImageRoot(request.ImageId)))
        {
            throw NotFound("image.not_found", $"There is no image {request.ImageId} on this host.");
        }
        var record = stored is null
            ? await DrawAsync(request, volume, cancellationToken)
            : await WithImageAsync(
                Accept(stored, request.Epoch),
                request.ImageId,
                cancellationToken
            );
        folder.Ensure(record.Id);
        await networks.EnsureMachineAsync(
            record.Id,
            IPAddress.Parse(record.Address),
            cancellationToken
        );
        LogCreated(record.Id, record.Address);
    }

    public async Task StartAsync(MachineRequest request, CancellationToken cancellationToken)
    {
        var record = Accept(Need(request.MachineId), request.Epoch);
        var address = IPAddress.Parse(record.Address);
        var state = (await containers.GetAsync(record.Id, cancellationToken)).State;
        if (state == "running")
        {
            // A daemon that died within a fence left it unplugged and frozen, one that died right after a start without a ceiling.
            await networks.PlugAsync(address, cancellationToken);
            cgroups.Freeze(names.Cgroup(record.Id), frozen: false);
            SetIoCeiling(record);
            return;
        }
        var volume = volumes.Find(record.VolumeId);
        if (volume is null || !volumes.IsOpen(volume))
        {
            throw Refuse(
                "volume.not_open",
                $"Volume {record.VolumeId} must be opened before machine {record.Id} starts."
            );
        }
        record = record with { Uid = volumes.UnprivilegedUid(volume) };
        folder.Ensure(record.Id);
        await networks.EnsureMachineAsync(record.Id, address, cancellationToken);
        await networks.PlugAsync(address, cancellationToken); // a new machine, or one that was fenced
        if (state is "absent" or "stopped")
        {
            folder.MountRun(record.Id, record.Uid); // one that was made and not started has its own already
        }
        await containers.EnsureRunningAsync(Spec(record), cancellationToken);
        SetIoCeiling(record);
        records.Save(record.Id, record with { StartedAt = Now() });
        LogStarted(record.Id);
    }

    /// <summary>Part of a limit that must be free when it is set: what the next connections allocate.</summary>
    private const int Headroom = 32;

    public async Task ResizeAsync(ResizeMachineRequest request, CancellationToken cancellationToken)
    {
        var record = Accept(Need(request.MachineId), request.Epoch);
        var running = (await containers.GetAsync(record.Id, cancellationToken)).IsRunning;
        var used = running ? cgroups.UnreclaimableMemory(names.Cgroup(record.Id)) : 0;
        if (
            request.MemoryBytes < record.MemoryBytes
            && request.MemoryBytes - (request.MemoryBytes / Headroom) <= used
        )
        {
            // Busy, not forbidden: an engine that was told to use less gives it back in its own time.
            throw new HostRefusal(
                RefusalKind.Busy,
                "machine.memory_in_use",
                $"Machine {record.Id} uses {used} bytes that cannot be given back; a limit of {request.MemoryBytes} would kill it."
            );
        }
        record = record with { Cpu = request.Cpu, MemoryBytes = request.MemoryBytes };
        // Stored first: if we die in between, the next start and the next resize both bring the stored size.
        records.Save(record.Id, record);
        if (running)
        {
            await containers.ResizeAsync(
                record.Id,
                record.Cpu,
                record.MemoryBytes,
                cancellationToken
            );
            SetIoCeiling(record);
        }
    }

    private void SetIoCeiling(MachineRecord record) =>
        limits.Set(
            record.Id,
            volumes.MountPoint(record.VolumeId),
            IoCeiling.For(record.Cpu, record.Iops)
        );

    public async Task<MachineStatus> ObserveAsync(string id, CancellationToken cancellationToken)
    {
        if (Find(id) is not { } record)
        {
            return new() { MachineId = id, State = "absent" };
        }
        var container = await containers.GetAsync(id, cancellationToken);
        var usage = containers.GetUsage(id);
        var state = container switch
        {
            { IsRunning: true } => "running",
            _ when record.StartedAt.Length == 0 => "created",
            _ => "stopped",
        };
        return new()
        {
            MachineId = id,
            State = state,
            Address = record.Address,
            ImageId = record.ImageId,
            Cpu = record.Cpu,
            MemoryBytes = record.MemoryBytes,
            MemoryUsedBytes = usage.MemoryBytes,
            CpuUsedNanoseconds = usage.CpuNanoseconds,
            OomKills = usage.OutOfMemoryKills,
            AgentReachable =
                container.IsRunning && await agent.IsReachableAsync(id, cancellationToken),
            StartedAt = record.StartedAt,
        };
    }

    public async Task<AgentReply> CallAgentAsync(
        AgentCall call,
        CancellationToken cancellationToken
    )
    {
        var record = Need(call.MachineId);
        if (call.Epoch > 0)
        {
            Accept(record, call.Epoch);
        }
        return await agent.CallAsync(call, cancellationToken);
    }

    /// <summary>Machine that runs on the volume now, or null.</summary>
    public async Task<string?> RunningOnAsync(string volumeId, CancellationToken cancellationToken)
    {
        foreach (var record in List().Where(record => record.VolumeId == volumeId))
        {
            if (containers.GetUsage(record.Id).Processes > 0)
            {
                return record.Id;
            }
            // An ended container keeps its mounts no longer, but its overlay and state would block a later start.
            await containers.DeleteAsync(record.Id, cancellationToken);
        }
        return null;
    }
}
