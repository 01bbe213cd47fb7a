using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Grows online where the host can; elsewhere <see cref="StopToGrow"/> came before. There is no way back: a volume that has grown stays so, and the instance shows its real size.</summary>
internal sealed class GrowVolume(MachineDrivers drivers, InstanceStore store) : InstanceStep
{
    public override string Name => "grow-volume";

    public override TimeSpan Deadline => TimeSpan.FromMinutes(1);

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        var spec = parts.Instance.Spec;
        if (state.GrowthWaits || parts.Instance.ActualStorageGib >= spec.StorageGib)
        {
            return state;
        }

        await EachAsync(
            state,
            member =>
                drivers
                    .For(state.Region)
                    .GrowVolumeAsync(
                        member.Host,
                        new GrowVolumeRequest
                        {
                            VolumeId = member.Volume.ToString(),
                            SizeBytes = spec.StorageBytes(),
                            Epoch = state.Epoch,
                        },
                        cancellationToken
                    )
        );
        await store.ChangeAsync(
            context.Tenant,
            state.Instance,
            (now, _) =>
            {
                now.Instance.ActualStorageGib = spec.StorageGib;
                return Task.CompletedTask;
            },
            cancellationToken
        );
        return state;
    }
}
