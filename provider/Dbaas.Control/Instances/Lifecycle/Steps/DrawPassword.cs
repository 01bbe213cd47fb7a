using Dbaas.Control.Keys;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Draws the next password in a step of its own, so that a repeated <see cref="ApplyPassword"/> sets the same one.</summary>
internal sealed class DrawPassword(InstanceStore store, ICredentialVault vault, TimeProvider time)
    : InstanceStep
{
    public override string Name => "draw-password";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var row = (
            await store.ReadAsync(context.Tenant, state.Instance, cancellationToken)
        ).Instance;
        MemberSpecs.Value(
            await vault.ReplaceAsync(
                row.TenantId,
                row.InstanceId,
                row.KeyId,
                SecretNames.NextAdmin,
                Passwords.Draw(),
                cancellationToken
            )
        );
        return state;
    }

    /// <summary>The instance is what it was. The password that was drawn stays unused in the vault until the next one is.</summary>
    public override Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        store.ChangeAsync(
            context.Tenant,
            state.Instance,
            (parts, _) =>
            {
                var row = parts.Instance;
                if (row.OperationId == context.Operation.ToString())
                {
                    row.Status = InstanceStatuses.Available;
                    row.AppliedGeneration = row.Generation;
                    row.OperationId = null;
                    row.UpdatedAt = time.GetUtcNow();
                }

                return Task.CompletedTask;
            },
            cancellationToken
        );
}
