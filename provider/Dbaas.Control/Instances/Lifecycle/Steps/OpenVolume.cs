using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Keys;
using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Lends the host a right to unwrap the data key, lets it mount, takes the right back.</summary>
internal sealed class OpenVolume(MachineDrivers drivers, InstanceStore store, IDataKeys keys)
    : InstanceStep
{
    public override string Name => "open-volume";

    public override TimeSpan Deadline => TimeSpan.FromMinutes(1);

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var row = (
            await store.ReadAsync(context.Tenant, state.Instance, cancellationToken)
        ).Instance;
        await EachAsync(state, member => OpenAsync(state, row, member, cancellationToken));
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
                    .CloseVolumeAsync(
                        member.Host,
                        new CloseVolumeRequest
                        {
                            VolumeId = member.Volume.ToString(),
                            Epoch = state.Epoch,
                        },
                        cancellationToken
                    )
        );

    private async Task OpenAsync(
        InstanceState state,
        InstanceRow row,
        MemberState member,
        CancellationToken cancellationToken
    )
    {
        var key = MemberSpecs.Value(
            await keys.EnsureAsync(
                new DataKeyRequest(
                    row.TenantId,
                    row.KeyId,
                    row.InstanceId,
                    member.Volume.ToString(),
                    "volume"
                ),
                cancellationToken
            )
        );
        var granted = MemberSpecs.Value(
            await keys.GrantAsync(row.TenantId, key.WrappedKeyId, cancellationToken)
        );
        try
        {
            await drivers
                .For(state.Region)
                .OpenVolumeAsync(
                    member.Host,
                    new OpenVolumeRequest
                    {
                        VolumeId = member.Volume.ToString(),
                        Key = granted.Message,
                        Epoch = state.Epoch,
                    },
                    cancellationToken
                );
        }
        finally
        {
            // One that cannot be retired now is found by StaleGrants: the open volume is worth more than a tidy list of grants.
            _ = await keys.RetireAsync(granted, CancellationToken.None);
        }
    }
}
