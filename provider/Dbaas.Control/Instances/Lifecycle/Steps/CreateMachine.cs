using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Prepares each member's machine and learns its address.</summary>
internal sealed class CreateMachine(
    MachineDrivers drivers,
    InstanceStore store,
    EngineCatalogue engines
) : InstanceStep
{
    public override string Name => "create-machine";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        return await EachAsync(
            state,
            async member =>
            {
                var status = await drivers
                    .For(state.Region)
                    .CreateMachineAsync(
                        member.Host,
                        RequestOf(parts, state, member, engines),
                        cancellationToken
                    );
                return member with { Address = status.Address };
            }
        );
    }

    /// <summary>What the host is told of a member's machine.</summary>
    public static CreateMachineRequest RequestOf(
        InstanceParts parts,
        InstanceState state,
        MemberState member,
        EngineCatalogue engines
    )
    {
        var spec = parts.Instance.Spec;
        return new CreateMachineRequest
        {
            MachineId = member.Machine.ToString(),
            Owner = MemberSpecs.OwnerOf(parts, member),
            ImageId = state.ImageId,
            VolumeId = member.Volume.ToString(),
            Cpu = spec.Cpu,
            MemoryBytes = spec.MemoryBytes(),
            Epoch = state.Epoch,
            Engine = spec.Engine,
            EngineVersion = spec.Major(),
            EnginePort = engines.Get(spec.Engine).Port,
        };
    }

    public override Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        EachAsync(
            state,
            member =>
                drivers
                    .For(state.Region)
                    .DestroyMachineAsync(
                        member.Host,
                        new MachineRequest
                        {
                            MachineId = member.Machine.ToString(),
                            Epoch = state.Epoch,
                        },
                        cancellationToken
                    )
        );
}
