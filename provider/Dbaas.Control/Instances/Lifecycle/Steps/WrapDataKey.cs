using Dbaas.Control.Keys;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Draws the volumes' data keys and the instance's secrets; the key service wraps both, and no plaintext of a volume's key comes here.</summary>
internal sealed class WrapDataKey(InstanceStore store, IDataKeys keys, ICredentialVault vault)
    : InstanceStep
{
    public override string Name => "wrap-data-key";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        var row = parts.Instance;
        var secrets = vault.EnsureAsync(
            row.TenantId,
            row.InstanceId,
            row.KeyId,
            SecretNames.Draw,
            cancellationToken
        );
        await EachAsync(
            state,
            async member =>
                MemberSpecs.Value(
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
                )
        );
        MemberSpecs.Value(await secrets);
        return state;
    }

    public override Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => ShredAsync(keys, vault, state, context, cancellationToken);

    /// <summary>After this nothing that the instance ever stored can be read again.</summary>
    public static async Task<int> ShredAsync(
        IDataKeys keys,
        ICredentialVault vault,
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var shredded = 0;
        foreach (var member in state.Members)
        {
            shredded += await keys.ShredAsync(
                context.Tenant,
                member.Volume.ToString(),
                cancellationToken
            );
        }

        await vault.ForgetAsync(context.Tenant, state.Instance, cancellationToken);
        return shredded
            + await keys.ShredAsync(context.Tenant, state.Instance.ToString(), cancellationToken);
    }
}
