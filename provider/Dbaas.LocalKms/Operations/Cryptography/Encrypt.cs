using System.Security.Cryptography;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Cryptography;

internal sealed record EncryptRequest
{
    public string? KeyId { get; init; }
    public byte[]? Plaintext { get; init; }
    public Dictionary<string, string>? EncryptionContext { get; init; }
    public string? EncryptionAlgorithm { get; init; }
    public IReadOnlyList<string>? GrantTokens { get; init; }
    public bool? DryRun { get; init; }
}

internal sealed record EncryptResponse(
    byte[] CiphertextBlob,
    string KeyId,
    string EncryptionAlgorithm
);

internal sealed class Encrypt(KeyGate gate, KeyCipher cipher)
    : ImmediateOperation<EncryptRequest, EncryptResponse>(
        KmsJson.Default.EncryptRequest,
        KmsJson.Default.EncryptResponse
    )
{
    public override string Name => "Encrypt";

    protected override Outcome<EncryptResponse> Answer(EncryptRequest request, Caller caller)
    {
        try
        {
            return Seal(request, caller);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(request.Plaintext);
        }
    }

    private Outcome<EncryptResponse> Seal(EncryptRequest request, Caller caller)
    {
        if (
            (
                RequestRules.Length(
                    "plaintext",
                    request.Plaintext?.Length,
                    1,
                    RequestRules.MaximumPlaintextBytes
                )
                ?? RequestRules.Algorithm("encryptionAlgorithm", request.EncryptionAlgorithm)
                ?? RequestRules.GrantTokens(request.GrantTokens)
            ) is
            { } invalid
        )
        {
            return invalid;
        }

        var context = EncryptionContext.Of(request.EncryptionContext);
        var access = new AccessRequest(Name)
        {
            Context = context,
            GrantTokens = request.GrantTokens ?? [],
        };
        return gate.Use(caller, request.KeyId, access, request.DryRun is true)
            .Refused(out var refusal, out var key)
            ? refusal
            : new EncryptResponse(
                cipher.Seal(key, request.Plaintext, context),
                key.Arn,
                KeySpecs.SymmetricDefault
            );
    }
}
