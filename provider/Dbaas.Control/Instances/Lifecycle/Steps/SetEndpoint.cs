using Dbaas.Control.Machines;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Changes who may connect; connections of networks that stay are not touched.</summary>
internal sealed class SetEndpoint(
    MachineDrivers drivers,
    InstanceStore store,
    EngineCatalogue engines
) : InstanceStep
{
    public override string Name => "set-endpoint";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        await SetAsync(parts, state, parts.Instance.Spec, cancellationToken);
        return state;
    }

    public override async Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        if (state.Before is { } before)
        {
            var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
            await SetAsync(parts, state, before, cancellationToken);
        }
    }

    // A stopped instance has no gateway entry; its next start makes one.
    private Task SetAsync(
        InstanceParts parts,
        InstanceState state,
        InstanceSpec spec,
        CancellationToken cancellationToken
    ) =>
        parts.Instance.ShouldRun
            ? OpenEndpoint.SetAsync(
                drivers,
                engines,
                parts,
                state,
                spec.AllowedCidrs,
                cancellationToken
            )
            : Task.CompletedTask;
}
