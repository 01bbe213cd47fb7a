using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>
/// Stops the engine and closes its volume where the host cannot grow a mounted one. Under the policy <c>window</c> such a growth waits
/// for the maintenance window as every other change that interrupts writes.
/// </summary>
internal sealed class StopToGrow(
    MachineDrivers drivers,
    InstanceStore store,
    StopMachine stopMachine,
    CloseVolume closeVolume,
    ReopenAfterGrowth reopen,
    StartEngine startEngine,
    TimeProvider time
) : InstanceStep
{
    public override string Name => "stop-to-grow";

    public override TimeSpan Deadline => stopMachine.Deadline + closeVolume.Deadline;

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var row = (
            await store.ReadAsync(context.Tenant, state.Instance, cancellationToken)
        ).Instance;
        if (!row.ShouldRun || row.ActualStorageGib >= row.Spec.StorageGib)
        {
            return state;
        }

        var runs = await RunsAsync(state, cancellationToken);
        if (runs && await GrowsAsync(state, cancellationToken))
        {
            return state;
        }

        if (runs && !state.RestartAllowed && row.Spec.ChangePolicy == "window")
        {
            return state with { GrowthWaits = true };
        }

        // Also when an earlier try of this step was cut off after it had stopped the machine: somebody must start it again.
        state = state with
        {
            StoppedToGrowAt = time.GetUtcNow(),
        };
        await stopMachine.DoAsync(state, context, cancellationToken);
        await closeVolume.DoAsync(state, context, cancellationToken);
        return state;
    }

    public override async Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var row = (
            await store.ReadAsync(context.Tenant, state.Instance, cancellationToken)
        ).Instance;
        // A try that failed between stopping and saving left no word of it, only a machine that does not run, or one that an attempt to
        // take this back has started without its engine.
        if (
            state.StoppedToGrowAt is null
            && row.ShouldRun
            && await startEngine.IsDownAsync(state, cancellationToken)
        )
        {
            state = state with { StoppedToGrowAt = time.GetUtcNow() };
        }

        // The new settings may be what keeps the engine from starting, and undoing never gives up.
        await reopen.ReopenAsync(
            state,
            state.Before is { } before ? row.WithoutPending(before) : null,
            context,
            cancellationToken
        );
    }

    private async Task<bool> GrowsAsync(InstanceState state, CancellationToken cancellationToken)
    {
        var hosts = await drivers.For(state.Region).DescribeAsync(state.Region, cancellationToken);
        foreach (var member in state.Members)
        {
            // A host that does not answer may be of either kind: stopping its engine, or growing under it, would be a guess.
            var host =
                hosts.FirstOrDefault(one => one.HostId == member.Host)
                ?? throw new MachineDriverException(
                    "host.unreachable",
                    $"The host {member.Host} does not say whether it grows a mounted volume.",
                    retryable: true
                );
            if (!host.GrowsMountedVolumes)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> RunsAsync(InstanceState state, CancellationToken cancellationToken)
    {
        var machines = await Task.WhenAll(
            state.Members.Select(member =>
                drivers
                    .For(state.Region)
                    .ObserveMachineAsync(
                        member.Host,
                        new ObserveMachineRequest { MachineId = member.Machine.ToString() },
                        cancellationToken
                    )
            )
        );
        return machines.All(machine => machine.State == "running");
    }
}
