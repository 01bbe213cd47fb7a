using System.Security.Cryptography;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Cryptography;

internal sealed record DecryptRequest
{
    public byte[]? CiphertextBlob { get; init; }
    public string? KeyId { get; init; }
    public Dictionary<string, string>? EncryptionContext { get; init; }
    public string? EncryptionAlgorithm { get; init; }
    public IReadOnlyList<string>? GrantTokens { get; init; }
    public bool? DryRun { get; init; }
}

internal sealed record DecryptResponse(byte[] Plaintext, string KeyId, string EncryptionAlgorithm)
    : IDisposable
{
    public void Dispose() => CryptographicOperations.ZeroMemory(Plaintext);

    public override string ToString() => KeyId;
}

internal sealed class Decrypt(Opening opening)
    : ImmediateOperation<DecryptRequest, DecryptResponse>(
        KmsJson.Default.DecryptRequest,
        KmsJson.Default.DecryptResponse
    )
{
    public override string Name => "Decrypt";

    protected override Outcome<DecryptResponse> Answer(DecryptRequest request, Caller caller)
    {
        if (
            (
                RequestRules.Algorithm("encryptionAlgorithm", request.EncryptionAlgorithm)
                ?? RequestRules.GrantTokens(request.GrantTokens)
            ) is
            { } invalid
        )
        {
            return invalid;
        }

        var access = new AccessRequest(Name)
        {
            Context = EncryptionContext.Of(request.EncryptionContext),
            GrantTokens = request.GrantTokens ?? [],
        };
        if (
            opening
                .Open(caller, request.CiphertextBlob, request.KeyId, access, request.DryRun is true)
                .Refused(out var refusal, out var opened)
        )
        {
            return refusal;
        }

        using (opened)
        {
            return new DecryptResponse(
                opened.Plaintext.Span.ToArray(),
                opened.Key.Arn,
                KeySpecs.SymmetricDefault
            );
        }
    }
}
