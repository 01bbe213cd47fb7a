using System.Buffers.Text;
using System.Text;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

/// <summary>One page of a list ordered by a unique name.</summary>
/// <param name="NextMarker">The last name of this page, encoded so that nobody builds on what it says.</param>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, string? NextMarker)
{
    public bool Truncated => NextMarker is not null;

    public static Outcome<ListPage<T>> Of(
        IEnumerable<T> all,
        Func<T, string> name,
        int? limit,
        string? marker,
        PageLimits limits
    )
    {
        if (RequestRules.Range("limit", limit, 1, limits.Maximum) is { } refusal)
        {
            return refusal;
        }

        var after = "";
        if (marker is not null && !TryRead(marker, out after))
        {
            return new KmsRefusal("InvalidMarkerException", "The marker is not one of this list.");
        }

        var size = limit ?? limits.Usual;
        var items = all.Where(item =>
                marker is null || string.CompareOrdinal(name(item), after) > 0
            )
            .OrderBy(name, StringComparer.Ordinal)
            .Take(size + 1)
            .ToList();
        return items.Count > size
            ? new ListPage<T>(items[..size], Marker(name(items[size - 1])))
            : new ListPage<T>(items, null);
    }

    private static string Marker(string name) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));

    private static bool TryRead(string marker, out string name)
    {
        var valid = Base64Url.IsValid(marker) && marker.Length > 0;
        name = valid ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(marker)) : "";
        return valid;
    }
}
