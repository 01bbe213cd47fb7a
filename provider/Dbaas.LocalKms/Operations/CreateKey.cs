using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

internal sealed record CreateKeyRequest
{
    public string? Description { get; init; }
    public string? KeySpec { get; init; }
    public string? CustomerMasterKeySpec { get; init; }
    public string? KeyUsage { get; init; }
    public string? Origin { get; init; }
    public string? Policy { get; init; }
    public bool? MultiRegion { get; init; }
    public string? CustomKeyStoreId { get; init; }
    public IReadOnlyList<KeyTag>? Tags { get; init; }
}

internal sealed record KeyTag(string? TagKey, string? TagValue);

internal sealed record KeyMetadataResponse(KeyMetadata KeyMetadata);

internal sealed class CreateKey(
    KeyStore keys,
    KeyCipher cipher,
    Access access,
    KmsSettings settings,
    TimeProvider time
)
    : KmsOperation<CreateKeyRequest, KeyMetadataResponse>(
        KmsJson.Default.CreateKeyRequest,
        KmsJson.Default.KeyMetadataResponse
    )
{
    public override string Name => "CreateKey";

    protected override async Task<Outcome<KeyMetadataResponse>> HandleAsync(
        CreateKeyRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (access.Refuse(caller, new AccessRequest(Name)) is { } denied)
        {
            return denied;
        }

        if (RefuseInput(request) is { } refusal)
        {
            return refusal;
        }

        var now = time.GetUtcNow();
        var id = Guid.NewGuid().ToString();
        var key = new KeyRecord
        {
            KeyId = id,
            Arn = keys.ArnOf("key/" + id),
            Description = request.Description ?? "",
            State = KeyState.Enabled,
            CreatedAt = now,
            Tags = (request.Tags ?? []).ToDictionary(tag => tag.TagKey!, tag => tag.TagValue!),
            BackingKeys = [cipher.NewBackingKey(id, now)],
        };
        if ((await keys.AddAsync(key, cancellationToken)).Refused(out var failed, out var stored))
        {
            return failed;
        }

        caller.Touches(stored.Arn, []);
        return new KeyMetadataResponse(KeyMetadata.Of(stored, settings));
    }

    private static KmsRefusal? RefuseInput(CreateKeyRequest request)
    {
        if (
            (request.KeySpec ?? request.CustomerMasterKeySpec ?? KeySpecs.SymmetricDefault)
                != KeySpecs.SymmetricDefault
            || (request.KeyUsage ?? KeySpecs.EncryptDecrypt) != KeySpecs.EncryptDecrypt
        )
        {
            return KmsRefusal.Unsupported(
                "Only SYMMETRIC_DEFAULT keys for ENCRYPT_DECRYPT are made here."
            );
        }

        if (
            (request.Origin ?? KeySpecs.OriginAwsKms) != KeySpecs.OriginAwsKms
            || request.MultiRegion is true
            || request.CustomKeyStoreId is not null
        )
        {
            return KmsRefusal.Unsupported(
                "Imported, multi-region and custom key store keys are not made here."
            );
        }

        if (request.Policy is not null)
        {
            // Taking a policy and not enforcing it would be worse than refusing it.
            return KmsRefusal.Unsupported("Key policies are not served; rights and grants decide.");
        }

        var tags = request.Tags ?? [];
        if (
            (
                RequestRules.Length("description", request.Description?.Length ?? 0, 0, 8192)
                ?? RequestRules.Length("tags", tags.Count, 0, 50)
            ) is
            { } refusal
        )
        {
            return refusal;
        }

        return
            tags.Any(tag =>
                tag.TagKey is not { Length: >= 1 and <= 128 }
                || tag.TagValue is not { Length: <= 256 }
            )
            || tags.DistinctBy(tag => tag.TagKey).Count() != tags.Count
            ? new KmsRefusal(
                "TagException",
                "Tag keys are unique, 1 to 128 characters; values up to 256."
            )
            : null;
    }
}
