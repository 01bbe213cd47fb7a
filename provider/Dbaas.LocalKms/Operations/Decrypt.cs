using System.Security.Cryptography;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

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

internal sealed class Decrypt(SealedKeys sealedKeys, KeyGate gate, KeyCipher cipher)
    : KmsOperation<DecryptRequest, DecryptResponse>(
        KmsJson.Default.DecryptRequest,
        KmsJson.Default.DecryptResponse
    )
{
    public override string Name => "Decrypt";

    protected override Task<Outcome<DecryptResponse>> HandleAsync(
        DecryptRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) => Task.FromResult(Open(request, caller));

    private Outcome<DecryptResponse> Open(DecryptRequest request, Caller caller)
    {
        if (
            (
                RequestRules.OneOf(
                    "encryptionAlgorithm",
                    request.EncryptionAlgorithm,
                    KeySpecs.SymmetricDefault
                ) ?? RequestRules.GrantTokens(request.GrantTokens)
            ) is
            { } invalid
        )
        {
            return invalid;
        }

        if (
            sealedKeys
                .Of("ciphertextBlob", request.CiphertextBlob, request.KeyId)
                .Refused(out var unreadable, out var sealedBy)
        )
        {
            return unreadable;
        }

        var context = EncryptionContext.Of(request.EncryptionContext);
        var access = new AccessRequest(Name)
        {
            Context = context,
            GrantTokens = request.GrantTokens ?? [],
        };
        if (
            gate.Use(caller, sealedBy.KeyId, access, request.DryRun is true)
                .Refused(out var refusal, out var key)
        )
        {
            return refusal;
        }

        if (
            cipher
                .Open(key, request.CiphertextBlob, context)
                .Refused(out var unopened, out var plaintext)
        )
        {
            return unopened;
        }

        using (plaintext)
        {
            return new DecryptResponse(
                plaintext.Span.ToArray(),
                key.Arn,
                KeySpecs.SymmetricDefault
            );
        }
    }
}
