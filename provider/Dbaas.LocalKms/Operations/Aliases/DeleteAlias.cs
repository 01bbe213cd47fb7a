using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Aliases;

internal sealed record DeleteAliasRequest(string? AliasName);

/// <summary>Takes a name away; the key stays.</summary>
internal sealed class DeleteAlias(KeyGate gate, KeyStore keys)
    : KmsOperation<DeleteAliasRequest, Nothing>(
        KmsJson.Default.DeleteAliasRequest,
        KmsJson.Default.Nothing
    )
{
    public override string Name => "DeleteAlias";

    protected override async Task<Outcome<Nothing>> HandleAsync(
        DeleteAliasRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (AliasRules.Refuse(request.AliasName) is { } invalid)
        {
            return invalid;
        }

        return await gate.Administer(
                caller,
                request.AliasName,
                new AccessRequest(Name),
                byAlias: true
            )
            .ThenAsync(_ => RemoveAsync(request.AliasName!, cancellationToken));
    }

    private async Task<Outcome<Nothing>> RemoveAsync(
        string name,
        CancellationToken cancellationToken
    ) =>
        await keys.RemoveAliasAsync(name, cancellationToken)
            ? Nothing.Value
            : AliasRules.NotFound(keys.ArnOf(name));
}
