using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Aliases;

/// <summary>Gives an alias another key. The caller needs the right on both keys: an alias is a way to choose what others encrypt with.</summary>
internal sealed class UpdateAlias(KeyGate gate, KeyStore keys, TimeProvider time)
    : KmsOperation<AliasTargetRequest, Nothing>(
        KmsJson.Default.AliasTargetRequest,
        KmsJson.Default.Nothing
    )
{
    public override string Name => "UpdateAlias";

    protected override async Task<Outcome<Nothing>> HandleAsync(
        AliasTargetRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (AliasRules.Refuse(request.AliasName) is { } invalid)
        {
            return invalid;
        }

        var action = new AccessRequest(Name);
        return await gate.Administer(caller, request.AliasName, action, byAlias: true)
            .Then(_ => gate.Administer(caller, request.TargetKeyId, action))
            .ThenAsync(target => PointAsync(request.AliasName!, target, cancellationToken));
    }

    private async Task<Outcome<Nothing>> PointAsync(
        string name,
        KeyRecord target,
        CancellationToken cancellationToken
    ) =>
        target.State == KeyState.PendingDeletion
            ? KmsRefusal.PendingDeletion(target.Arn)
            : (
                await keys.ChangeAliasAsync(
                    name,
                    alias => alias with { KeyId = target.KeyId, UpdatedAt = time.GetUtcNow() },
                    cancellationToken
                )
            ).Then<Nothing>(_ => Nothing.Value);
}
