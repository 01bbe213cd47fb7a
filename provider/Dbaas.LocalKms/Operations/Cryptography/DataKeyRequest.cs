using System.Text.Json.Serialization;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Cryptography;

/// <summary>Request of GenerateDataKey and GenerateDataKeyWithoutPlaintext.</summary>
internal sealed record DataKeyRequest
{
    private const string Aes256 = "AES_256";
    private const string Aes128 = "AES_128";
    private const int MaximumBytes = 1024;

    public string? KeyId { get; init; }

    /// <summary>AES_256 or AES_128; this or <see cref="NumberOfBytes"/>.</summary>
    public string? KeySpec { get; init; }

    /// <summary>1 to 1024.</summary>
    public int? NumberOfBytes { get; init; }
    public Dictionary<string, string>? EncryptionContext { get; init; }
    public IReadOnlyList<string>? GrantTokens { get; init; }
    public bool? DryRun { get; init; }

    [JsonIgnore]
    public EncryptionContext Context => Keys.EncryptionContext.Of(EncryptionContext);

    [JsonIgnore]
    public int LengthBytes => NumberOfBytes ?? (KeySpec == Aes128 ? 16 : 32);

    public KmsRefusal? Refuse() =>
        KeySpec is null == NumberOfBytes is null
            ? KmsRefusal.Validation("Please specify either number of bytes or key spec.")
            : RequestRules.OneOf("keySpec", KeySpec, Aes256, Aes128)
                ?? RequestRules.Range("numberOfBytes", NumberOfBytes, 1, MaximumBytes)
                ?? RequestRules.GrantTokens(GrantTokens);

    public AccessRequest Access(string action) =>
        new(action) { Context = Context, GrantTokens = GrantTokens ?? [] };
}
