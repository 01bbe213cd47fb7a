using System.Text.Json.Nodes;
using Dbaas.Schema;

namespace Dbaas.Provider.Connection;

/// <summary>Walks through the list of one collection, no faster than those who read from it make it worth while. Thread-safe.</summary>
internal sealed class ListSweep(
    ResourceClient client,
    ResourceSchema resource,
    TimeProvider time,
    CancellationToken stopping
)
{
    /// <summary>What the service gives at most.</summary>
    public const int PageSize = 500;

    /// <summary>Reads at once, or in all, from which a page is cheaper than asking for each.</summary>
    public const int AtOnce = 4;
    public const int InAll = 9;

    // A page costs about as much as so many reads. Where most of a tenant's resources are somebody else's, it never costs more than twice
    // what asking for each would.
    private const int ReadsAPage = 8;

    // A tool reads everything once, as fast as it can. Terraform takes longer than this only for many thousands.
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly Dictionary<string, JsonObject> unread = new(StringComparer.Ordinal);
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private Task? page;
    private string? cursor;
    private long? began;
    private int pages;
    private int asked;
    private int underWay;
    private bool complete;
    private bool useless;

    public async Task<JsonObject?> FindAsync(string id, CancellationToken cancellationToken)
    {
        bool again;
        lock (gate)
        {
            Expire();
            again = !seen.Add(id);
            asked++;
            underWay++;
        }

        try
        {
            // Who asks a second time wants to know what has changed since the first.
            while (!again)
            {
                Task? next;
                lock (gate)
                {
                    if (!client.HasWritten && unread.Remove(id, out var view))
                    {
                        return view;
                    }

                    next = NextPage();
                }

                if (next is null)
                {
                    break;
                }

                await next.WaitAsync(cancellationToken);
            }

            return await client.FindAsync(resource, id, cancellationToken);
        }
        finally
        {
            lock (gate)
            {
                underWay--;
            }
        }
    }

    private void Expire()
    {
        if (page is null && began is { } since && time.GetElapsedTime(since) > Life)
        {
            unread.Clear();
            seen.Clear();
            (cursor, began, pages, asked, complete) = (null, null, 0, underWay, false);
        }
    }

    /// <summary>The page to wait for; null when the one resource is better asked for.</summary>
    private Task? NextPage()
    {
        if (page is not null)
        {
            return page;
        }

        if (
            useless
            || complete
            || client.HasWritten
            || (underWay < AtOnce && asked < InAll)
            || pages > asked / ReadsAPage
        )
        {
            return null;
        }

        began ??= time.GetTimestamp();
        // Not started here: an answer that is there at once would be taken in while the next step is still being chosen.
        return page = Task.Run(TurnAsync, CancellationToken.None);
    }

    private async Task TurnAsync()
    {
        var from = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
        JsonObject? answer = null;
        try
        {
            answer = await client.GetAsync(
                $"{resource.Collection}?limit={PageSize}{from}",
                stopping
            );
        }
        catch (Exception error)
            when (error is ServiceException or UnreachableException or OperationCanceledException)
        {
            // An older service, no right to list, no answer: whoever asks for the one resource hears the reason.
        }

        lock (gate)
        {
            page = null;
            pages++;
            if (answer?["items"] is JsonArray items)
            {
                Take(items);
                cursor = (string?)answer["nextCursor"];
                complete = string.IsNullOrEmpty(cursor);
            }
            else
            {
                useless = true;
            }
        }
    }

    private void Take(JsonArray items)
    {
        var views = items.OfType<JsonObject>().ToList();
        items.Clear(); // so that each can be let go by itself
        foreach (var view in views)
        {
            if ((string?)view["id"] is { Length: > 0 } id)
            {
                unread[id] = view;
            }
        }
    }
}
