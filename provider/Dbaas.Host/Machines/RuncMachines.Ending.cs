using System.Net;
using Dbaas.Host.State;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Machines;

/// <summary>How machines end: asked, cut off, or for good.</summary>
internal sealed partial class RuncMachines
{
    /// <summary>Asks the engine to stop, then ends the machine once grace has passed, or at once when a fence comes.</summary>
    public async Task StopAsync(StopMachineRequest request, CancellationToken cancellationToken)
    {
        if (Find(request.MachineId) is not { } record)
        {
            return; // what does not exist is stopped already
        }
        record = Accept(record, request.Epoch);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            fences.TokenOf(record.Id)
        );
        try
        {
            if ((await containers.GetAsync(record.Id, patience.Token)).IsRunning)
            {
                await StopEngineAsync(record.Id, request.GraceSeconds, patience.Token);
            }
            // The engine has stopped or had its time; the reaper gets a moment of its own.
            await containers.StopAsync(record.Id, TimeSpan.FromSeconds(5), patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogStopCutShort(record.Id);
        }
        await containers.DeleteAsync(record.Id, cancellationToken);
        folder.UnmountRun(record.Id); // nothing is left that could have it mounted
    }

    /// <summary>
    /// To be called before a fence waits for its turn: a stop under way, or one that waits before it, no longer waits for its engine.
    /// Dispose once the fence is done.
    /// </summary>
    /// <exception cref="HostRefusal">The fence itself comes too late: then it must not hasten anything either.</exception>
    public IDisposable AnnounceFence(MachineRequest request)
    {
        if (Find(request.MachineId) is { } record)
        {
            Epochs.Accept(request.Epoch, record.Epoch, record.Id);
        }
        return fences.Announce(request.MachineId);
    }

    /// <summary>Link down, then every process dead. Returns only when the machine certainly no longer runs.</summary>
    public async Task FenceAsync(MachineRequest request, CancellationToken cancellationToken)
    {
        if (Find(request.MachineId) is not { } record)
        {
            RememberFence(request); // what does not exist does not run, nor may it come late
            return;
        }
        record = Accept(record, request.Epoch);
        await networks.UnplugAsync(IPAddress.Parse(record.Address), cancellationToken);
        await containers.FenceAsync(record.Id, cancellationToken);
        LogFenced(record.Id, request.Epoch);
    }

    /// <summary>Fences and removes everything but the volume. True when there was something.</summary>
    public async Task<bool> DestroyAsync(
        MachineRequest request,
        CancellationToken cancellationToken
    )
    {
        var stored = records.Load(request.MachineId);
        if (stored is null or { FencedOnly: true })
        {
            Epochs.Accept(request.Epoch, stored?.Epoch ?? 0, request.MachineId);
            // A create that was on its way must find that the machine is over.
            records.Save(request.MachineId, Tombstone(request));
            return false;
        }
        stored = Accept(stored, request.Epoch);
        var alive = stored.DestroyedAt.Length == 0;
        var existed = alive;
        if (alive)
        {
            // Only as long as the address is ours: a machine made later may have it, another tenant's even.
            await networks.UnplugAsync(IPAddress.Parse(stored.Address), cancellationToken);
        }
        existed |= await containers.DeleteAsync(stored.Id, cancellationToken);
        existed |= folder.Remove(stored.Id);
        if (alive)
        {
            existed |= await networks.RemoveMachineAsync(
                stored.Id,
                IPAddress.Parse(stored.Address),
                cancellationToken
            );
            records.Save(stored.Id, stored with { DestroyedAt = Now() });
        }
        var tenant = stored.Owner.TenantId;
        if (tenant.Length > 0) // a machine that never was here has none
        {
            await networks.RemoveTenantAsync(
                tenant,
                hasMachine: () => List().Any(record => record.Owner.TenantId == tenant),
                cancellationToken
            );
        }
        return existed;
    }

    private void RememberFence(MachineRequest request)
    {
        if (records.Load(request.MachineId) is { } destroyed)
        {
            Accept(destroyed, request.Epoch);
            return;
        }
        records.Save(request.MachineId, Tombstone(request) with { FencedOnly = true });
    }
}
