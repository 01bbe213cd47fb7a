using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>
/// Makes each machine anew from the image chosen: its address, size and volume stay, and so does the data. Also of an instance that is
/// stopped, which then starts from it one day.
/// </summary>
internal sealed class SetImage(
    MachineDrivers drivers,
    InstanceStore store,
    EngineCatalogue engines,
    StopMachine stopMachine
) : InstanceStep
{
    public override string Name => "set-image";

    public override TimeSpan Deadline => stopMachine.Deadline + TimeSpan.FromSeconds(30);

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        if (state.MovesToImage)
        {
            await SetAsync(state, context, state.ImageId, cancellationToken);
        }

        return state;
    }

    public override async Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        if (state.ImageBefore is { } before)
        {
            await SetAsync(state, context, before, cancellationToken);
        }
    }

    /// <summary>Stops what still runs from another image; changes nothing where the image is the one wanted.</summary>
    private async Task SetAsync(
        InstanceState state,
        StepContext context,
        string image,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        var driver = drivers.For(state.Region);
        foreach (var member in state.Members)
        {
            var machine = await driver.ObserveMachineAsync(
                member.Host,
                new ObserveMachineRequest { MachineId = member.Machine.ToString() },
                cancellationToken
            );
            if (machine.ImageId == image)
            {
                continue;
            }

            if (machine.State == "running")
            {
                await stopMachine.DoAsync(state, context, cancellationToken);
            }

            await driver.CreateMachineAsync(
                member.Host,
                CreateMachine.RequestOf(parts, state with { ImageId = image }, member, engines),
                cancellationToken
            );
        }
    }
}
