using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

internal sealed record DescribeKeyRequest(string? KeyId, IReadOnlyList<string>? GrantTokens);

internal sealed class DescribeKey(KeyGate gate, KmsSettings settings)
    : KmsOperation<DescribeKeyRequest, KeyMetadataResponse>(
        KmsJson.Default.DescribeKeyRequest,
        KmsJson.Default.KeyMetadataResponse
    )
{
    public override string Name => "DescribeKey";

    protected override Task<Outcome<KeyMetadataResponse>> HandleAsync(
        DescribeKeyRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) => Task.FromResult(Describe(request, caller));

    private Outcome<KeyMetadataResponse> Describe(DescribeKeyRequest request, Caller caller)
    {
        var access = new AccessRequest(Name) { GrantTokens = request.GrantTokens ?? [] };
        return gate.Administer(caller, request.KeyId, access, byAlias: true)
            .Refused(out var refusal, out var key)
            ? refusal
            : new KeyMetadataResponse(KeyMetadata.Of(key, settings));
    }
}
