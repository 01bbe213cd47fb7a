using Dbaas.LocalKms.Grants;
using Dbaas.LocalKms.Keys;

namespace Dbaas.LocalKms.Principals;

/// <summary>What somebody wants to do, as far as the decision depends on it.</summary>
internal sealed record AccessRequest(string Action)
{
    /// <summary>Null for operations on no key in particular (CreateKey, ListKeys, GenerateRandom).</summary>
    public KeyRecord? Key { get; init; }
    public EncryptionContext Context { get; init; } = EncryptionContext.Empty;
    public IReadOnlyList<string> GrantTokens { get; init; } = [];

    /// <summary>ReEncrypt: source and destination context are the same.</summary>
    public bool ContextUnchanged { get; init; }

    /// <summary>CreateGrant: the grant that would be made.</summary>
    public GrantRecord? Grant { get; init; }
}
