using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Cryptography;

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
internal sealed class ReEncrypt(Opening opening, KeyGate gate, KeyCipher cipher)
    : ImmediateOperation<ReEncryptRequest, ReEncryptResponse>(
        KmsJson.Default.ReEncryptRequest,
        KmsJson.Default.ReEncryptResponse
    )
{
    public override string Name => "ReEncrypt";

    protected override Outcome<ReEncryptResponse> Answer(ReEncryptRequest request, Caller caller)
    {
        if (
            (
                RequestRules.Algorithm(
                    "sourceEncryptionAlgorithm",
                    request.SourceEncryptionAlgorithm
                )
                ?? RequestRules.Algorithm(
                    "destinationEncryptionAlgorithm",
                    request.DestinationEncryptionAlgorithm
                )
                ?? RequestRules.GrantTokens(request.GrantTokens)
            ) is
            { } invalid
        )
        {
            return invalid;
        }

        var after = EncryptionContext.Of(request.DestinationEncryptionContext);
        var source = new AccessRequest("ReEncryptFrom")
        {
            Context = EncryptionContext.Of(request.SourceEncryptionContext),
            GrantTokens = request.GrantTokens ?? [],
            ContextUnchanged = after.Is(request.SourceEncryptionContext ?? []),
        };
        var target = source with { Action = "ReEncryptTo", Context = after };
        if (
            opening
                .Open(caller, request.CiphertextBlob, request.SourceKeyId, source)
                .Refused(out var closed, out var opened)
        )
        {
            return closed;
        }

        using (opened)
        {
            return gate.Use(caller, request.DestinationKeyId, target, request.DryRun is true)
                .Refused(out var refusal, out var destination)
                ? refusal
                : new ReEncryptResponse(
                    cipher.Seal(destination, opened.Plaintext.Span, after),
                    opened.Key.Arn,
                    destination.Arn,
                    KeySpecs.SymmetricDefault,
                    KeySpecs.SymmetricDefault
                );
        }
    }
}
