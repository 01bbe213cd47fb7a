using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>The region's gateway leads the endpoint's address to the members, for the allowed networks only.</summary>
internal sealed class OpenEndpoint(
    MachineDrivers drivers,
    InstanceStore store,
    EngineCatalogue engines
) : InstanceStep
{
    public override string Name => "open-endpoint";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        await SetAsync(
            drivers,
            engines,
            parts,
            state,
            parts.Instance.Spec.AllowedCidrs,
            cancellationToken
        );
        return state;
    }

    public override Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => RemoveAsync(drivers, state, cancellationToken);

    public static Task<EndpointStatus> SetAsync(
        MachineDrivers drivers,
        EngineCatalogue engines,
        InstanceParts parts,
        InstanceState state,
        IReadOnlyList<string> allowedCidrs,
        CancellationToken cancellationToken
    )
    {
        var port = engines.Get(parts.Instance.Engine).Port;
        return drivers
            .For(state.Region)
            .SetEndpointAsync(
                state.Members[0].Host,
                new SetEndpointRequest
                {
                    Owner = MemberSpecs.OwnerOf(parts, null),
                    EndpointId = state.Endpoint.ToString(),
                    Address = parts.Endpoint.Address,
                    Port = parts.Endpoint.Port,
                    Epoch = state.Epoch,
                    AllowedCidrs = { allowedCidrs },
                    Targets =
                    {
                        state.Members.Select(member => new EndpointTarget
                        {
                            MachineId = member.Machine.ToString(),
                            Address = member.Address,
                            Port = port,
                        }),
                    },
                },
                cancellationToken
            );
    }

    public static Task RemoveAsync(
        MachineDrivers drivers,
        InstanceState state,
        CancellationToken cancellationToken
    ) =>
        drivers
            .For(state.Region)
            .RemoveEndpointAsync(
                state.Members[0].Host,
                new RemoveEndpointRequest
                {
                    EndpointId = state.Endpoint.ToString(),
                    Epoch = state.Epoch,
                },
                cancellationToken
            );
}
