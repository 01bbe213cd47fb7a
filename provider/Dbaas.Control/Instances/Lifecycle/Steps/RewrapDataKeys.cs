using Dbaas.Control.Ids;
using Dbaas.Control.Keys;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>
/// Wraps the data keys by another customer key. The data keys stay the same, so nothing on the volumes is touched and no writes are
/// refused; from here on the data opens with the new key alone.
/// </summary>
internal sealed class RewrapDataKeys(InstanceStore store, IDataKeys keys) : InstanceStep
{
    public override string Name => "rewrap-data-keys";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        if (state.KeyAfter is { } key)
        {
            await RewrapAsync(state, context, key, cancellationToken);
        }

        return state;
    }

    public override Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        state.KeyBefore is { } key
            ? RewrapAsync(state, context, key, cancellationToken)
            : Task.CompletedTask;

    private async Task RewrapAsync(
        InstanceState state,
        StepContext context,
        KeyId key,
        CancellationToken cancellationToken
    )
    {
        // The instance's own name owns the key of its secrets, each volume the key of its data.
        string[] owners =
        [
            state.Instance.ToString(),
            .. state.Members.Select(member => member.Volume.ToString()),
        ];
        foreach (var owner in owners)
        {
            MemberSpecs.Value(
                await keys.RewrapAsync(context.Tenant, owner, key, cancellationToken)
            );
        }

        await store.ChangeAsync(
            context.Tenant,
            state.Instance,
            (parts, _) =>
            {
                parts.Instance.KeyId = key;
                return Task.CompletedTask;
            },
            cancellationToken
        );
    }
}
