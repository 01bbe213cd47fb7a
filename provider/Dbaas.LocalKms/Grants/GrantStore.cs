using System.Buffers.Text;
using System.Security.Cryptography;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Protocol;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Grants;

/// <summary>All grants, a file each: they are made and retired with every mount of a volume.</summary>
internal sealed class GrantStore(KmsSettings settings, MasterKey masterKey) : IDisposable
{
    private const int GrantIdBytes = 32;

    private readonly RecordFolder<GrantRecord> folder = new(
        Path.Combine(settings.DataFolder, "grants"),
        KmsJson.Default.GrantRecord,
        grant => grant.GrantId
    );

    public static string NewId() =>
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(GrantIdBytes));

    public GrantRecord? Find(string grantId) => folder.Find(grantId);

    public IEnumerable<GrantRecord> OfKey(string keyId) =>
        folder.All.Where(grant => grant.KeyId == keyId);

    public IEnumerable<GrantRecord> All => folder.All;

    /// <summary>Id and signature; usable the moment the grant is stored, since nothing here is eventually consistent.</summary>
    public string TokenOf(GrantRecord grant)
    {
        var id = Convert.FromHexString(grant.GrantId);
        return Base64Url.EncodeToString([.. id, .. masterKey.Sign(id)]);
    }

    /// <summary>Null when the token is forged or its grant is gone.</summary>
    public GrantRecord? ByToken(string token)
    {
        Span<byte> bytes = stackalloc byte[2 * GrantIdBytes];
        if (!Base64Url.TryDecodeFromChars(token, bytes, out var written) || written != bytes.Length)
        {
            return null;
        }

        var expected = masterKey.Sign(bytes[..GrantIdBytes]);
        return CryptographicOperations.FixedTimeEquals(expected, bytes[GrantIdBytes..])
            ? Find(Convert.ToHexStringLower(bytes[..GrantIdBytes]))
            : null;
    }

    public async Task<Outcome<GrantRecord>> AddAsync(
        GrantRecord grant,
        CancellationToken cancellationToken
    )
    {
        if (
            grant.Name is not null
            && OfKey(grant.KeyId).FirstOrDefault(grant.SameAs) is { } existing
        )
        {
            return existing;
        }

        return await folder.ChangeAsync(grant.GrantId, _ => grant, cancellationToken);
    }

    public Task<bool> RemoveAsync(string grantId, CancellationToken cancellationToken) =>
        folder.RemoveAsync(grantId, _ => true, cancellationToken);

    public void Dispose() => folder.Dispose();
}
