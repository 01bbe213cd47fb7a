using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

/// <summary>One page of a list ordered by a unique name; the marker is the last name of the page before.</summary>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, string? NextMarker)
{
    private const int DefaultLimit = 100;
    private const int MaximumLimit = 1000;

    public bool Truncated => NextMarker is not null;

    public static Outcome<ListPage<T>> Of(
        IEnumerable<T> all,
        Func<T, string> name,
        int? limit,
        string? marker
    )
    {
        if (RequestRules.Range("limit", limit, 1, MaximumLimit) is { } refusal)
        {
            return refusal;
        }

        var size = limit ?? DefaultLimit;
        var items = all.Where(item =>
                marker is null || string.CompareOrdinal(name(item), marker) > 0
            )
            .OrderBy(name, StringComparer.Ordinal)
            .Take(size + 1)
            .ToList();
        return items.Count > size
            ? new ListPage<T>(items[..size], name(items[size - 1]))
            : new ListPage<T>(items, null);
    }
}
