using System.Text.RegularExpressions;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

internal sealed record CreateAliasRequest(string? AliasName, string? TargetKeyId);

internal sealed partial class CreateAlias(KeyGate gate, KeyStore keys, TimeProvider time)
    : KmsOperation<CreateAliasRequest, Nothing>(
        KmsJson.Default.CreateAliasRequest,
        KmsJson.Default.Nothing
    )
{
    private const string Reserved = "alias/aws/";

    public override string Name => "CreateAlias";

    protected override async Task<Outcome<Nothing>> HandleAsync(
        CreateAliasRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (
            request.AliasName is not { } name
            || !AliasName().IsMatch(name)
            || name.StartsWith(Reserved, StringComparison.Ordinal)
        )
        {
            return new KmsRefusal(
                "InvalidAliasNameException",
                "Aliases start with alias/, hold up to 256 letters, digits and /_- and do not start with alias/aws/."
            );
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
            return new KmsRefusal("KMSInvalidStateException", $"{key.Arn} is pending deletion.");
        }

        var alias = new AliasRecord(name, key.KeyId, time.GetUtcNow());
        return (await keys.AddAliasAsync(alias, cancellationToken)).Refused(out var taken, out _)
            ? taken
            : Nothing.Value;
    }

    [GeneratedRegex("^alias/[a-zA-Z0-9/_-]{1,250}$")]
    private static partial Regex AliasName();
}
