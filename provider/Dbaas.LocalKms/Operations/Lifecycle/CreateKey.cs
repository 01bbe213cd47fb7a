using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Operations.Tagging;
using Dbaas.LocalKms.Policies;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Lifecycle;

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
    public bool? BypassPolicyLockoutSafetyCheck { get; init; }
    public IReadOnlyList<KeyTag>? Tags { get; init; }
}

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
            Policy = request.Policy,
            BackingKeys = [],
        };
        if (RefusePolicy(caller, key, request.BypassPolicyLockoutSafetyCheck is true) is { } locked)
        {
            return locked;
        }

        var outcome = await keys.AddAsync(
            id,
            () => key with { BackingKeys = [cipher.NewBackingKey(id, now)] },
            cancellationToken
        );
        if (outcome.Refused(out var failed, out var stored))
        {
            return failed;
        }

        caller.Touches(stored.Arn, []);
        return new KeyMetadataResponse(KeyMetadata.Of(stored, settings));
    }

    // A policy can give its author every right on the key, so making a key with one takes the right to put one.
    private KmsRefusal? RefusePolicy(Caller caller, KeyRecord key, bool withoutSafetyCheck)
    {
        if (key.Policy is null)
        {
            return null;
        }

        var put = new AccessRequest("PutKeyPolicy");
        return access.Refuse(caller, put)
            ?? (
                withoutSafetyCheck || access.Refuse(caller, put with { Key = key }) is null
                    ? null
                    : PolicyShelf.LockedOut()
            );
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

        return RequestRules.Description(request.Description ?? "")
            ?? TagRules.Refuse(request.Tags ?? [])
            ?? (request.Policy is { } policy ? RequestRules.Policy(policy) : null);
    }
}
