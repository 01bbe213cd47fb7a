using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>A sparse encrypted volume a member.</summary>
internal sealed class CreateVolume(MachineDrivers drivers, InstanceStore store) : InstanceStep
{
    public override string Name => "create-volume";

    public override TimeSpan Deadline => TimeSpan.FromMinutes(1);

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        await EachAsync(
            state,
            member =>
                drivers
                    .For(state.Region)
                    .CreateVolumeAsync(
                        member.Host,
                        new CreateVolumeRequest
                        {
                            VolumeId = member.Volume.ToString(),
                            Owner = MemberSpecs.OwnerOf(parts, member),
                            SizeBytes = parts.Instance.Spec.StorageBytes(),
                            Epoch = state.Epoch,
                        },
                        cancellationToken
                    )
        );
        return state;
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
                    .DestroyVolumeAsync(
                        member.Host,
                        new DestroyVolumeRequest
                        {
                            VolumeId = member.Volume.ToString(),
                            Epoch = state.Epoch,
                        },
                        cancellationToken
                    )
        );
}
