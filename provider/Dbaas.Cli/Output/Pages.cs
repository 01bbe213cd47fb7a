using Dbaas.Client.Catalogue;

namespace Dbaas.Cli.Output;

/// <summary>Walks through the pages of a list.</summary>
internal static class Pages
{
    public static async Task<IReadOnlyList<T>> AllAsync<T>(
        Func<string?, Task<Page<T>>> read,
        int maximum = int.MaxValue
    )
    {
        var items = new List<T>();
        string? cursor = null;
        do
        {
            var page = await read(cursor);
            items.AddRange(page.Items);
            cursor = page.NextCursor;
        } while (cursor is not null && items.Count < maximum);

        return items.Count > maximum ? items[..maximum] : items;
    }
}
