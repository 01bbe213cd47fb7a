using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Keys;

/// <summary>What CreateKey and DescribeKey tell about a key; member names are the API's.</summary>
internal sealed record KeyMetadata
{
    public required string AWSAccountId { get; init; }
    public required string KeyId { get; init; }
    public required string Arn { get; init; }
    public required double CreationDate { get; init; }
    public required bool Enabled { get; init; }
    public required string Description { get; init; }
    public required KeyState KeyState { get; init; }
    public double? DeletionDate { get; init; }
    public string KeyUsage { get; init; } = KeySpecs.EncryptDecrypt;
    public string KeySpec { get; init; } = KeySpecs.SymmetricDefault;
    public string CustomerMasterKeySpec { get; init; } = KeySpecs.SymmetricDefault;
    public string[] EncryptionAlgorithms { get; init; } = [KeySpecs.SymmetricDefault];
    public string Origin { get; init; } = KeySpecs.OriginAwsKms;
    public string KeyManager { get; init; } = "CUSTOMER";
    public bool MultiRegion { get; init; }

    public static KeyMetadata Of(KeyRecord key, KmsSettings settings) =>
        new()
        {
            AWSAccountId = settings.AccountId,
            KeyId = key.KeyId,
            Arn = key.Arn,
            CreationDate = EpochSeconds.From(key.CreatedAt),
            Enabled = key.State == KeyState.Enabled,
            Description = key.Description,
            KeyState = key.State,
            DeletionDate = key.DeletionDate is { } date ? EpochSeconds.From(date) : null,
        };
}
