using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Aliases;

/// <summary>Request of CreateAlias and UpdateAlias.</summary>
internal sealed record AliasTargetRequest(string? AliasName, string? TargetKeyId);

internal sealed class CreateAlias(KeyGate gate, KeyStore keys, TimeProvider time)
    : KmsOperation<AliasTargetRequest, Nothing>(
        KmsJson.Default.AliasTargetRequest,
        KmsJson.Default.Nothing
    )
{
    public override string Name => "CreateAlias";

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

        if (
            gate.Administer(caller, request.TargetKeyId, new AccessRequest(Name))
                .Refused(out var refusal, out var key)
        )
        {
            return refusal;
        }

        if (key.State == KeyState.PendingDeletion)
        {
            return KmsRefusal.PendingDeletion(key.Arn);
        }

        if (keys.Aliases.Count(alias => alias.KeyId == key.KeyId) >= AliasRules.MaximumPerKey)
        {
            return AliasRules.TooMany(key.Arn);
        }

        var alias = new AliasRecord(request.AliasName!, key.KeyId, time.GetUtcNow());
        return (await keys.AddAliasAsync(alias, cancellationToken)).Then<Nothing>(_ =>
            Nothing.Value
        );
    }
}
