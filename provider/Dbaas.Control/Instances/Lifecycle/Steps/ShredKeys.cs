using System.Text.Json.Nodes;
using Dbaas.Control.Audit;
using Dbaas.Control.Keys;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Crypto-shredding comes before the data goes: from here on a copy of the volume is noise.</summary>
internal sealed class ShredKeys(
    InstanceStore store,
    IDataKeys keys,
    ICredentialVault vault,
    IEventWriter events
) : InstanceStep
{
    public override string Name => "shred-keys";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var shredded = await WrapDataKey.ShredAsync(keys, vault, state, context, cancellationToken);
        await store.ChangeAsync(
            context.Tenant,
            state.Instance,
            (_, transaction) =>
                events.AppendAsync(
                    transaction,
                    new EventDraft(
                        "instance.keys.shredded",
                        $"{shredded} wrapped data keys were destroyed."
                    )
                    {
                        Principal = context.RequestedBy,
                        ResourceId = state.Instance.ToString(),
                        OperationId = context.Operation.ToString(),
                        Data = new JsonObject { ["keys"] = shredded },
                    },
                    cancellationToken
                ),
            cancellationToken
        );
        return state;
    }
}
