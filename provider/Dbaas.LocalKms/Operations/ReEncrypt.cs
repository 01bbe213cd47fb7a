using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

internal sealed record ReEncryptRequest
{
    public byte[]? CiphertextBlob { get; init; }
    public string? SourceKeyId { get; init; }
    public Dictionary<string, string>? SourceEncryptionContext { get; init; }
    public string? SourceEncryptionAlgorithm { get; init; }
    public string? DestinationKeyId { get; init; }
    public Dictionary<string, string>? DestinationEncryptionContext { get; init; }
    public string? DestinationEncryptionAlgorithm { get; init; }
    public IReadOnlyList<string>? GrantTokens { get; init; }
    public bool? DryRun { get; init; }
}

internal sealed record ReEncryptResponse(
    byte[] CiphertextBlob,
    string SourceKeyId,
    string KeyId,
    string SourceEncryptionAlgorithm,
    string DestinationEncryptionAlgorithm
);

/// <summary>Wraps under another key or context without the plaintext leaving the service.</summary>
internal sealed class ReEncrypt(SealedKeys sealedKeys, KeyGate gate, KeyCipher cipher)
    : KmsOperation<ReEncryptRequest, ReEncryptResponse>(
        KmsJson.Default.ReEncryptRequest,
        KmsJson.Default.ReEncryptResponse
    )
{
    public override string Name => "ReEncrypt";

    protected override Task<Outcome<ReEncryptResponse>> HandleAsync(
        ReEncryptRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) => Task.FromResult(Rewrap(request, caller));

    private Outcome<ReEncryptResponse> Rewrap(ReEncryptRequest request, Caller caller)
    {
        if (
            (
                RequestRules.OneOf(
                    "sourceEncryptionAlgorithm",
                    request.SourceEncryptionAlgorithm,
                    KeySpecs.SymmetricDefault
                )
                ?? RequestRules.OneOf(
                    "destinationEncryptionAlgorithm",
                    request.DestinationEncryptionAlgorithm,
                    KeySpecs.SymmetricDefault
                )
                ?? RequestRules.GrantTokens(request.GrantTokens)
            ) is
            { } invalid
        )
        {
            return invalid;
        }

        if (
            sealedKeys
                .Of("ciphertextBlob", request.CiphertextBlob, request.SourceKeyId)
                .Refused(out var unreadable, out var sealedBy)
        )
        {
            return unreadable;
        }

        var before = EncryptionContext.Of(request.SourceEncryptionContext);
        var after = EncryptionContext.Of(request.DestinationEncryptionContext);
        var access = new AccessRequest("ReEncryptFrom")
        {
            Context = before,
            GrantTokens = request.GrantTokens ?? [],
            ContextUnchanged = after.Is(request.SourceEncryptionContext ?? []),
        };
        if (gate.Use(caller, sealedBy.KeyId, access).Refused(out var noSource, out var source))
        {
            return noSource;
        }

        access = access with { Action = "ReEncryptTo", Context = after };
        if (
            gate.Use(caller, request.DestinationKeyId, access, request.DryRun is true)
                .Refused(out var noDestination, out var destination)
        )
        {
            return noDestination;
        }

        if (
            cipher
                .Open(source, request.CiphertextBlob, before)
                .Refused(out var unopened, out var plaintext)
        )
        {
            return unopened;
        }

        using (plaintext)
        {
            return new ReEncryptResponse(
                cipher.Seal(destination, plaintext.Span, after),
                source.Arn,
                destination.Arn,
                KeySpecs.SymmetricDefault,
                KeySpecs.SymmetricDefault
            );
        }
    }
}
