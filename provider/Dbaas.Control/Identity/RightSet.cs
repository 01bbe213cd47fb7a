using System.Collections.Immutable;

namespace Dbaas.Control.Identity;

/// <summary>
/// What a principal may do in one tenant: rights such as <c>instance:write</c>, some of them for single resources only.
/// </summary>
/// <param name="Everywhere">Rights in the whole tenant, and the platform's where the principal has a binding to it.</param>
/// <param name="OnResource">Rights for one resource, by its id.</param>
internal sealed record RightSet(
    ImmutableHashSet<string> Everywhere,
    ImmutableDictionary<string, ImmutableHashSet<string>> OnResource
)
{
    public static RightSet None { get; } =
        new([], ImmutableDictionary<string, ImmutableHashSet<string>>.Empty);

    /// <summary>Whether the right holds in the whole tenant.</summary>
    public bool Allows(string right) => Everywhere.Contains(right);

    /// <summary>Whether the right holds for one resource.</summary>
    public bool Allows(string right, string resourceId) =>
        Allows(right)
        || (OnResource.TryGetValue(resourceId, out var rights) && rights.Contains(right));
}
