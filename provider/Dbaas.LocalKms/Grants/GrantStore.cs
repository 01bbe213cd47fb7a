using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Protocol;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Grants;

/// <summary>All grants, a file each: they are made and retired with every mount of a volume.</summary>
internal sealed class GrantStore(KmsSettings settings, GrantTokens tokens) : IDisposable
{
    private readonly RecordFolder<GrantRecord> folder = new(
        Path.Combine(settings.DataFolder, "grants"),
        KmsJson.Default.GrantRecord,
        grant => grant.GrantId
    );

    public GrantRecord? Find(string grantId) => folder.Find(grantId);

    public IEnumerable<GrantRecord> OfKey(string keyId) =>
        folder.All.Where(grant => grant.KeyId == keyId);

    public IEnumerable<GrantRecord> All => folder.All;

    /// <summary>Usable the moment the grant is stored, since nothing here is eventually consistent.</summary>
    public string TokenOf(GrantRecord grant) => tokens.Of(grant.GrantId);

    /// <summary>Null when the token is forged or its grant is gone.</summary>
    public GrantRecord? ByToken(string token) =>
        tokens.Read(token) is { } grantId ? Find(grantId) : null;

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
