using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Lifecycle;

internal sealed record DescribeKeyRequest(string? KeyId, IReadOnlyList<string>? GrantTokens);

internal sealed class DescribeKey(KeyGate gate, KmsSettings settings)
    : ImmediateOperation<DescribeKeyRequest, KeyMetadataResponse>(
        KmsJson.Default.DescribeKeyRequest,
        KmsJson.Default.KeyMetadataResponse
    )
{
    public override string Name => "DescribeKey";

    protected override Outcome<KeyMetadataResponse> Answer(
        DescribeKeyRequest request,
        Caller caller
    )
    {
        var access = new AccessRequest(Name) { GrantTokens = request.GrantTokens ?? [] };
        return gate.Administer(caller, request.KeyId, access, byAlias: true)
            .Refused(out var refusal, out var key)
            ? refusal
            : new KeyMetadataResponse(KeyMetadata.Of(key, settings));
    }
}
