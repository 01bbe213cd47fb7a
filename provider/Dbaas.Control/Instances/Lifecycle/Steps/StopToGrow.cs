using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>
/// Stops the engine and closes its volume where the host cannot grow a mounted one. Whatever the change policy says: a full disk would
/// stop all writes, which is worse than the short stop that the plan has announced.
/// </summary>
internal sealed class StopToGrow(
    MachineDrivers drivers,
    InstanceStore store,
    StopMachine stopMachine,
    CloseVolume closeVolume,
    ReopenAfterGrowth reopen,
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

        if (await GrowsAsync(state, cancellationToken) && await RunsAsync(state, cancellationToken))
        {
            return state;
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
        // A try that failed between stopping and saving left no word of it, only a machine that does not run.
        if (
            state.StoppedToGrowAt is null
            && row.ShouldRun
            && state.Before?.StorageGib < row.Spec.StorageGib
            && !await RunsAsync(state, cancellationToken)
        )
        {
            state = state with { StoppedToGrowAt = time.GetUtcNow() };
        }

        await reopen.DoAsync(state, context, cancellationToken);
    }

    private async Task<bool> GrowsAsync(InstanceState state, CancellationToken cancellationToken)
    {
        var hosts = await drivers.For(state.Region).DescribeAsync(state.Region, cancellationToken);
        return hosts
            .Where(host => state.Members.Any(member => member.Host == host.HostId))
            .All(host => host.GrowsMountedVolumes);
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
