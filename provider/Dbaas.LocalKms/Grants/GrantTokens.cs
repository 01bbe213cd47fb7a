using System.Buffers.Text;
using System.Security.Cryptography;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Grants;

/// <summary>
/// Tokens of grants: the grant's id and its HMAC-SHA256. Their key is stored wrapped, so that tokens outlive a change of the master key.
/// </summary>
internal sealed class GrantTokens : IDisposable
{
    private const int IdBytes = 32;
    private readonly string path;
    private readonly MasterKey masterKey;
    private readonly SecretBytes key;

    public GrantTokens(KmsSettings settings, MasterKey masterKey)
    {
        this.masterKey = masterKey;
        path = Path.Combine(settings.DataFolder, "token.key");
        if (!File.Exists(path))
        {
            DurableFile.Write(path, masterKey.Wrap(masterKey.FirstTokenKey, Purpose));
        }

        key = masterKey.Unwrap(File.ReadAllBytes(path), Purpose);
    }

    private static ReadOnlySpan<byte> Purpose => "grant tokens"u8;

    /// <summary>
    /// A random id of 255 bits in lower-case hex. Its first bit is zero, so that no token starts with a hyphen, which command lines take for an option.
    /// </summary>
    public static string NewGrantId()
    {
        var id = RandomNumberGenerator.GetBytes(IdBytes);
        id[0] &= 0x7F;
        return Convert.ToHexStringLower(id);
    }

    public string Of(string grantId)
    {
        var id = Convert.FromHexString(grantId);
        return Base64Url.EncodeToString([.. id, .. HMACSHA256.HashData(key.Span, id)]);
    }

    /// <summary>Id of the token's grant, null when it is forged.</summary>
    public string? Read(string token)
    {
        Span<byte> bytes = stackalloc byte[2 * IdBytes];
        if (!Base64Url.TryDecodeFromChars(token, bytes, out var written) || written != bytes.Length)
        {
            return null;
        }

        var expected = HMACSHA256.HashData(key.Span, bytes[..IdBytes]);
        return CryptographicOperations.FixedTimeEquals(expected, bytes[IdBytes..])
            ? Convert.ToHexStringLower(bytes[..IdBytes])
            : null;
    }

    /// <summary>Stores the key under the current master key.</summary>
    public void Rewrap() => DurableFile.Write(path, masterKey.Wrap(key.Span, Purpose));

    public void Dispose() => key.Dispose();
}
