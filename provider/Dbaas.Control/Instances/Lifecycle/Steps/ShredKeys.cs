using System.Text.Json.Nodes;
using Dbaas.Control.Audit;
using Dbaas.Control.Keys;
using Dbaas.Control.Metadata;
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
        await WrapDataKey.ShredAsync(keys, vault, state, context, cancellationToken);
        await store.ChangeAsync(
            context.Tenant,
            state.Instance,
            (_, transaction) => ProveAsync(transaction, state, context, cancellationToken),
            cancellationToken
        );
        return state;
    }

    /// <summary>One proof an operation, however often the step runs; it counts what is destroyed, not what this attempt destroyed.</summary>
    private async Task ProveAsync(
        MetadataTransaction transaction,
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        await using var count = transaction.Command(
            """
            SELECT CASE WHEN EXISTS (SELECT FROM event WHERE tenant_id = $1 AND operation_id = $2 AND kind = 'instance.keys.shredded')
              THEN NULL
              ELSE (SELECT count(*) FROM wrapped_key WHERE tenant_id = $1 AND owner_id = ANY ($3) AND length(ciphertext) = 0) END
            """,
            new() { Value = context.Tenant.ToString() },
            new() { Value = context.Operation.ToString() },
            new()
            {
                Value = state
                    .Members.Select(member => member.Volume.ToString())
                    .Append(state.Instance.ToString())
                    .ToArray(),
            }
        );
        if (await count.ExecuteScalarAsync(cancellationToken) is not long shredded)
        {
            return;
        }

        await events.AppendAsync(
            transaction,
            new EventDraft(
                "instance.keys.shredded",
                $"{shredded} wrapped data keys were destroyed."
            )
            {
                Principal = context.RequestedBy,
                RequestId = context.RequestId.Length > 0 ? context.RequestId : null,
                ResourceId = state.Instance.ToString(),
                OperationId = context.Operation.ToString(),
                Data = new JsonObject { ["keys"] = shredded },
            },
            cancellationToken
        );
    }
}
