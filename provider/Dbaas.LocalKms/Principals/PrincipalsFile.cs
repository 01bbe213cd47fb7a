namespace Dbaas.LocalKms.Principals;

/// <summary>The file of all who may call one region's key service; 0600, it holds their secrets.</summary>
internal sealed record PrincipalsFile
{
    public IReadOnlyList<Principal> Principals { get; init; } = [];
}
